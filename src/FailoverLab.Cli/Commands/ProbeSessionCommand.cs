using System.CommandLine;
using System.Text.Json;
using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>probe-session PLAN HOST send|receive</c>: one host's part of the probe traffic of a run. Hidden; started over ssh by the program that leads the run.</summary>
internal static class ProbeSessionCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("plan");
        var host = new Argument<string>("host");
        var part = new Argument<string>("part");
        part.AcceptOnlyFromAmong("send", "receive");
        var command = new Command("probe-session") { file, host, part };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            try
            {
                var plan = PlanJson.Read(File.ReadAllText(parsed.GetRequiredValue(file)));
                var flows = plan.Steps.Select(s => s.Action).OfType<TrafficStart>().SelectMany(t => t.Flows).ToList();
                using var session = new ProbeSession(parsed.GetRequiredValue(host), flows, SystemClock.Shared, context.Out);
                if (parsed.GetRequiredValue(part) == "send")
                {
                    session.Send(context.In(), interruption.Token);
                }
                else
                {
                    session.Receive(interruption.Token);
                }

                return (int)ExitCode.Passed;
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or JsonException or LinuxException)
            {
                context.Error.WriteLine($"error: {refusal.Message}");
                return (int)ExitCode.Refused;
            }
        });
        return command;
    }
}
