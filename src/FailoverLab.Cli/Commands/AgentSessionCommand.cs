using System.CommandLine;
using FailoverLab.Hosts;
using FailoverLab.Linux;

namespace FailoverLab.Cli;

/// <summary><c>agent-session</c>: the far side of a host over SSH. Hidden; started by the shell there, over the channel that is open already.</summary>
internal static class AgentSessionCommand
{
    public static Command Create(CommandContext context)
    {
        var mark = new Argument<string>("mark");
        var lease = new Argument<int>("lease");
        var command = new Command("agent-session") { mark, lease };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var input = context.OpenIn();
            using var output = context.OpenOut();
            new AgentSession(parsed.GetRequiredValue(mark), TimeSpan.FromSeconds(parsed.GetRequiredValue(lease)), SystemClock.Shared, new LinuxAgentSystem()).Run(input, output);
            return (int)ExitCode.Passed;
        });
        return command;
    }

    private sealed class LinuxAgentSystem : IAgentSystem
    {
        public bool IsRoot => Environment.UserName == "root";

        public void Signal(int group, int signal)
        {
            if (group > 1 && !ProcessControl.Kill(-group, signal))
            {
                ProcessControl.Kill(group, signal);
            }
        }

        public void PreferThisThread()
        {
            ProcessControl.LockMemory();
            ProcessControl.TryRealtimePriority(10);
        }
    }
}
