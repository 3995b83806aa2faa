using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Proxmox;
using FailoverLab.PveDriver;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>Which PVE host a verb means: a name of the hosts file's <c>pve</c> section, or an address with its trust and credential beside it.</summary>
internal sealed class PveArguments
{
    public Argument<string> Host { get; } = new("HOST") { Description = "A name of the hosts file's pve section, or an address: https://HOST:8006." };

    public Option<string> File { get; } = new("--hosts") { Description = "Inventory.", DefaultValueFactory = _ => "hosts.yaml" };

    public Option<string?> Fingerprint { get; } = new("--fingerprint") { Description = "With an address: SHA-256 of its certificate, or the file `pve trust --out` wrote." };

    public Option<string?> Ca { get; } = new("--ca") { Description = "With an address: PEM file of the authority that signed its certificate." };

    public Option<string?> Token { get; } = new("--token") { Description = "With an address: where the token USER@REALM!NAME=SECRET is kept, env:NAME or file:PATH." };

    public Option<string?> User { get; } = new("--user") { Description = "With an address: USER@REALM." };

    public Option<string?> Password { get; } = new("--password") { Description = "With an address: where the user's password is kept, env:NAME or file:PATH." };

    public Option<string?> Node { get; } = new("--node") { Description = "The cluster node that carries the machines." };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, Host);
        foreach (var option in new Option[] { File, Fingerprint, Ca, Token, User, Password, Node })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Asks the host that is meant.</summary>
    /// <returns>The exit code; faults are printed.</returns>
    public async Task<int> AskAsync(ParseResult parsed, CommandContext context, Func<PveClient, Task<ExitCode>> ask)
    {
        try
        {
            var (endpoint, code) = Find(parsed, context);
            if (endpoint is null)
            {
                return (int)code;
            }

            using var client = new PveClient(endpoint, context.Time);
            return (int)await ask(client);
        }
        catch (PveException refusal)
        {
            Refuse(context, refusal);
            return (int)ExitCode.Refused;
        }
    }

    /// <summary>Prints why a host came to nothing.</summary>
    public static void Refuse(CommandContext context, PveException refusal) =>
        context.Error.WriteLine($"error: {TerminalText.Clean(refusal.Message)}{(refusal.Hint is { } hint ? $"{Environment.NewLine}  {TerminalText.Clean(hint)}" : "")}");

    private (PveEndpoint? Endpoint, ExitCode Code) Find(ParseResult parsed, CommandContext context)
    {
        var host = parsed.GetRequiredValue(Host);
        if (host.Contains("://", StringComparison.Ordinal))
        {
            return FromAddress(parsed, context, host);
        }

        var result = InventoryLoader.Load(parsed.GetRequiredValue(File));
        context.ShowDiagnostics(result.Diagnostics);
        if (result.Plan is not { } plan)
        {
            return (null, ExitCode.InvalidFile);
        }

        if (plan.Pve.FirstOrDefault(p => p.Name == host) is { } found)
        {
            return (PveEndpoints.Of(parsed.GetValue(Node) is { } node ? found with { Node = node } : found), ExitCode.Passed);
        }

        var near = NearestName.Find(host, plan.Pve.Select(p => p.Name));
        context.Error.WriteLine($"error: the hosts file has no pve endpoint '{TerminalText.Clean(host)}'{(near is null ? "" : $"; did you mean '{near}'?")} An address begins with https://.");
        return (null, ExitCode.Usage);
    }

    private (PveEndpoint? Endpoint, ExitCode Code) FromAddress(ParseResult parsed, CommandContext context, string address)
    {
        var faults = new List<string>();
        var url = PveEndpoint.ParseUrl(address);
        if (url is null)
        {
            faults.Add("that is no address of a PVE host: write https://HOST:8006");
        }

        var fingerprint = parsed.GetValue(Fingerprint) is { } text ? PveTrustFile.Read(text) : null;
        if (fingerprint is null && parsed.GetValue(Fingerprint) is not null)
        {
            faults.Add("--fingerprint: neither 64 hexadecimal digits, with or without colons, nor a file that holds them");
        }

        var endpoint = new PveEndpoint(url?.Host ?? "host", url ?? new Uri("https://invalid"))
        {
            Fingerprint = fingerprint,
            CaFile = parsed.GetValue(Ca),
            TokenSecret = Secret(Token),
            User = parsed.GetValue(User),
            Password = Secret(Password),
            Node = parsed.GetValue(Node),
        };
        faults.AddRange(endpoint.Faults().Select(f => $"{f.Key}: {f.Message} ({f.Hint})"));
        foreach (var fault in faults)
        {
            context.Error.WriteLine($"error: {TerminalText.Clean(fault)}");
        }

        return faults.Count == 0 ? (endpoint, ExitCode.Passed) : (null, ExitCode.Usage);

        PveSecret? Secret(Option<string?> option)
        {
            if (parsed.GetValue(option) is not { } reference)
            {
                return null;
            }

            if (PveSecret.Parse(reference) is not { } secret)
            {
                faults.Add($"{option.Name}: a secret is never written on a command line, where others read it: env:NAME or file:PATH");
                return null;
            }

            return secret;
        }
    }
}
