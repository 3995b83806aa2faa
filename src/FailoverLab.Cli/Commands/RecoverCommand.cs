using System.CommandLine;
using System.Text.Json;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Restoration;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>recover</c>: undoes what earlier runs left on their hosts, from their journals and from what the hosts know themselves.</summary>
internal static class RecoverCommand
{
    public static Command Create(CommandContext context)
    {
        var hosts = new Option<string?>("--hosts") { Description = "Inventory that says how hosts are reached now, and where passwords of consoles are kept; without it hosts are reached as they were then, and a WANulator is left." };
        var list = new Option<bool>("--list") { Description = "Only show what the journals say; ask no host, change nothing." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("recover", "Undo what earlier runs left, and prove it.") { hosts, list, json };
        command.SetAction(async parsed =>
        {
            IReadOnlyList<HostPlan> known = [];
            IReadOnlyList<ILinkDriver> drivers = [];
            await using var ssh = new SshHosts(Path.GetFullPath("known_hosts", Path.GetDirectoryName(Path.GetFullPath(parsed.GetValue(hosts) ?? "."))!), SystemClock.Shared, context.Time);
            if (parsed.GetValue(hosts) is { } file)
            {
                var result = InventoryLoader.Load(file);
                context.ShowDiagnostics(result.Diagnostics);
                if (result.Plan is null)
                {
                    return (int)ExitCode.InvalidFile;
                }

                known = result.Plan.Hosts;
                drivers = new RealLinkDrivers(
                    result.Plan.Links, result.Plan.Pve, seed: null, result.Plan.File, context.Self, (link, words) => context.Error.WriteLine($"link {link}: {TerminalText.Clean(words)}"), context.Time)
                {
                    Remote = new RemoteSerialLines(known, ssh),
                }.WithoutCommands();
            }

            using var interruption = new Interruption();
            await using var shells = new ReachedShells(known, SystemClock.Shared, context.Time);
            // What no guard holds was made through a management interface; its undo commands are this program's own verbs, run here.
            await using var here = new LocalShell("here");
            var recovery = new LabRecovery(StateFolder.Default(), shells, [new CommandUndoer(here), .. drivers.Select(d => new DriverUndoer(d))], context.Time);
            var isList = parsed.GetValue(list);
            try
            {
                var report = isList ? recovery.List() : await recovery.RunAsync(interruption.Token);
                Print(report, parsed.GetValue(json), isList, context);
                return (int)(report.Restored ? ExitCode.Passed : ExitCode.NotRestored);
            }
            catch (OperationCanceledException)
            {
                await context.Error.WriteLineAsync("ended before every host was seen to; call `recover` again");
                return (int)ExitCode.NotRestored;
            }
            finally
            {
                foreach (var driver in drivers)
                {
                    await driver.DisposeAsync();
                }
            }
        });
        return command;
    }

    private static void Print(RecoveryReport report, bool isJson, bool isList, CommandContext context)
    {
        if (isJson)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(report, RestorationJson.Document.RecoveryReport));
        }
        else
        {
            foreach (var line in RecoveryText.Lines(report, isList))
            {
                context.Out.WriteLine(TerminalText.Clean(line));
            }
        }
    }
}
