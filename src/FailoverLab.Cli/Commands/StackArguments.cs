using System.CommandLine;
using FailoverLab.Primitives;

namespace FailoverLab.Cli;

/// <summary>What the four programs of the failover stack are started with.</summary>
internal sealed class StackArguments
{
    private readonly Option<string> _config = new("--config") { Required = true, HelpName = "FILE", Description = "The program's config file." };
    private readonly Option<bool> _gate = new("--gate") { Description = "Prepare everything, print the event 'armed', and start on a line on stdin." };

    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_gate);
    }

    /// <summary>Where start lines come from; <see langword="null"/> without <c>--gate</c>.</summary>
    public TextReader? Gate(ParseResult parsed, CommandContext context) => parsed.GetValue(_gate) ? context.In() : null;

    /// <summary>Reads the config file; every fault is printed.</summary>
    public TConfig? Read<TConfig>(ParseResult parsed, CommandContext context, Func<string, DiagnosticBag, TConfig?> read)
        where TConfig : class
    {
        var bag = new DiagnosticBag();
        var config = read(parsed.GetValue(_config)!, bag);
        context.ShowDiagnostics(bag.Sorted());
        return bag.HasErrors ? null : config;
    }
}
