using System.Reflection;
using FailoverLab.Cli;
using FailoverLab.EmbeddedLab;

return await CommandLine.RunAsync(args, new CommandContext
{
    In = () => Console.In, // Asked for, it sets up the terminal.
    Out = Console.Out,
    OpenIn = Console.OpenStandardInput,
    OpenOut = Console.OpenStandardOutput,
    Error = Console.Error,
    IsOutTerminal = !Console.IsOutputRedirected,
    IsErrorTerminal = !Console.IsErrorRedirected,
    Width = () => Console.WindowWidth,
    Self = SelfCommand.Of(Assembly.GetExecutingAssembly()),
    Time = TimeProvider.System,
});
