using System.CommandLine;
using FailoverLab.Primitives;

namespace FailoverLab.Cli;

/// <summary>What the four programs of the failover stack are started with.</summary>
internal sealed class StackArguments
{
    private readonly Option<string> _config = new("--config") { Required = true, HelpName = "FILE", Description = "The program's config file." };
    private readonly Option<bool> _gate = new("--gate") { Description = "Prepare everything, print the event 'armed', and start on a line on stdin." };

    private readonly Option<bool> _secrets = new("--secrets")
    {
        Description = "Read lines NAME=VALUE on stdin first, up to an empty one: what the config file asks for as env:NAME, without its being a variable of this process.",
    };

    private TextReader? _input;

    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_gate);
        command.Add(_secrets);
    }

    /// <summary>Where start lines come from; <see langword="null"/> without <c>--gate</c>.</summary>
    public TextReader? Gate(ParseResult parsed, CommandContext context) => parsed.GetValue(_gate) ? Input(context) : null;

    /// <summary>Reads the config file; every fault is printed.</summary>
    public TConfig? Read<TConfig>(ParseResult parsed, CommandContext context, Func<string, DiagnosticBag, TConfig?> read)
        where TConfig : class
    {
        var bag = new DiagnosticBag();
        using var told = parsed.GetValue(_secrets) ? ToldSecrets.Read(Input(context)) : null;
        var config = read(parsed.GetValue(_config)!, bag);
        context.ShowDiagnostics(bag.Sorted());
        return bag.HasErrors ? null : config;
    }

    /// <summary>One reader: what it has read ahead is of the gate.</summary>
    private TextReader Input(CommandContext context) => _input ??= context.In();
}
