using System.CommandLine;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>schema NAME</c>: the JSON Schema of a kind of file, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The kind of file.", DefaultValueFactory = _ => "scenario" };
        name.AcceptOnlyFromAmong([.. SchemaText.Names]);
        var command = new Command("schema", "Print the JSON Schema of a kind of file, for your editor.") { name };
        command.SetAction(parsed => context.Out.WriteLine(SchemaText.For(parsed.GetRequiredValue(name))));
        return command;
    }
}
