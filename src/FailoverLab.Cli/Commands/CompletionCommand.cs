using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary><c>completion SHELL</c>: a script that makes the shell complete verbs, options, scenarios and files; made from the commands themselves.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandContext context, Func<RootCommand> root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script: `eval \"$(failoverlab completion bash)\"`.") { shell };
        command.SetAction(parsed => context.Out.Write(CompletionScript.For(parsed.GetRequiredValue(shell), root())));
        return command;
    }
}
