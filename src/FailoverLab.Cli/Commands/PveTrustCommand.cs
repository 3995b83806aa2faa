using System.CommandLine;
using FailoverLab.Proxmox;

namespace FailoverLab.Cli;

/// <summary><c>pve trust URL</c>: shows a host's certificate, for a person to compare, and keeps its fingerprint.</summary>
internal static class PveTrustCommand
{
    public static Command Create(CommandContext context)
    {
        var url = new Argument<string>("URL") { Description = "The host: https://HOST:8006." };
        var to = new Option<string?>("--out") { Description = "Write the fingerprint into this file; another one that stands there already is not replaced." };
        var command = new Command("trust", "Show a host's certificate to compare with its own, and keep its fingerprint; nothing is sent to it.") { url, to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (PveEndpoint.ParseUrl(parsed.GetRequiredValue(url)) is not { } address)
            {
                context.Error.WriteLine("error: that is no address of a PVE host: write https://HOST:8006");
                return (int)ExitCode.Usage;
            }

            try
            {
                var certificate = await PveCertificate.FetchAsync(address, context.Time, cancellationToken);
                Print(context, certificate);
                return (int)(parsed.GetValue(to) is { } file ? Keep(context, file, address, certificate) : ExitCode.Passed);
            }
            catch (PveException refusal)
            {
                PveArguments.Refuse(context, refusal);
                return (int)ExitCode.Refused;
            }
        });
        return command;
    }

    private static void Print(CommandContext context, PveCertificate certificate)
    {
        context.Out.WriteLine($"fingerprint  {certificate.Fingerprint}");
        context.Out.WriteLine($"subject      {certificate.Subject}");
        context.Out.WriteLine($"issuer       {certificate.Issuer}");
        context.Out.WriteLine($"valid        {certificate.NotBefore:yyyy-MM-dd HH:mm} to {certificate.NotAfter:yyyy-MM-dd HH:mm} UTC{(certificate.NotAfter < context.Time.GetUtcNow() ? ", it has EXPIRED" : "")}");
        context.Out.WriteLine($"good for     {string.Join(", ", certificate.Names)}");
        context.Error.WriteLine("Compare the fingerprint with the host's own: `pvenode cert info` there, or its web page under System, Certificates. Then write it into the hosts file as `fingerprint`.");
    }

    private static ExitCode Keep(CommandContext context, string file, Uri address, PveCertificate certificate)
    {
        try
        {
            if (File.Exists(file))
            {
                var kept = PveTrustFile.Read(file);
                if (kept == certificate.Fingerprint)
                {
                    return ExitCode.Passed;
                }

                context.Error.WriteLine($"error: '{TerminalText.Clean(file)}' {(kept is null ? "holds something else" : $"holds another fingerprint: {kept}")}; it is left as it is");
                context.Error.WriteLine("  if the host's certificate was changed on purpose, take the file away and run this again");
                return ExitCode.Refused;
            }

            File.WriteAllText(file, PveTrustFile.Text(address, certificate));
            return ExitCode.Passed;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            context.Error.WriteLine($"error: the fingerprint cannot be kept: {TerminalText.Clean(refusal.Message)}");
            return ExitCode.Refused;
        }
    }
}
