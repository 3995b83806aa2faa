using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary>The command line: parses, composes, prints, and turns outcomes into exit codes.</summary>
public static class CommandLine
{
    private const string Description = "Tests network failover: when a link dies, how long is traffic down, on which path does it come back?";

    /// <summary>Runs one command.</summary>
    /// <param name="args">Arguments as given.</param>
    /// <param name="context">The world.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        try
        {
            var parsed = Parse(args, context);
            if (parsed.Errors.Count > 0)
            {
                foreach (var error in parsed.Errors)
                {
                    await context.Error.WriteLineAsync($"error: {error.Message}");
                }

                await context.Error.WriteLineAsync("Try `failoverlab --help`.");
                return (int)ExitCode.Usage;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
#pragma warning disable CA1031 // The one seam where our own bug becomes an exit code.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            await context.Error.WriteLineAsync($"This is a bug of FailoverLab, please report it with the lines below.{Environment.NewLine}{bug}");
            return (int)ExitCode.Bug;
        }
    }

    /// <summary>
    /// An analysis waits for its own command only, as putting all together is a good part of the start; what is wrong with its words,
    /// the whole tree tells.
    /// </summary>
    private static ParseResult Parse(string[] args, CommandContext context)
    {
        if (args is ["analyze", ..] && new RootCommand(Description) { AnalyzeCommand.Create(context) }.Parse(args) is { Errors.Count: 0 } alone) return alone;
        return Root(context).Parse(args);
    }

    /// <summary>The tree of all commands.</summary>
    internal static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand(Description)
        {
            ScenarioCommand.Create(context),
            PlanCommand.Create(context),
            CheckCommand.Create(context),
            LabCommand.Create(context),
            DoctorCommand.Create(context),
            HostsCommand.Create(context),
            InventoryCommand.Create(context),
            RecoverCommand.Create(context),
            AnalyzeCommand.Create(context),
            ReportCommand.Create(context),
            InitCommand.Create(context),
            SchemaCommand.Create(context),
            CompletionCommand.Create(context, () => Root(context)),
            LabInitCommand.Create(context),
            PveCommand.Create(context),
            AgentSessionCommand.Create(context),
            ProbeSessionCommand.Create(context),
            WanCommand.Create(context),
        };
        foreach (var program in StackCommands.Create(context))
        {
            root.Add(program);
        }

        return root;
    }
}
