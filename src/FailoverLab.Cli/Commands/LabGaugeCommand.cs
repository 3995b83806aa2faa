using System.CommandLine;
using FailoverLab.EmbeddedLab;
using FailoverLab.Emulator;
using FailoverLab.Primitives;

namespace FailoverLab.Cli;

/// <summary><c>lab gauge</c>: proves the measuring itself on failovers whose truth is exactly known.</summary>
internal static class LabGaugeCommand
{
    private const string RandomGap = "random";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LeastGap = Interval * GaugeSchedule.LeastGapIntervals;
    private static readonly TimeSpan MostGap = TimeSpan.FromSeconds(1);

    public static Command Create(CommandContext context)
    {
        var runs = new Option<int>("--runs") { Description = "How many cuts, 1 to 10000.", DefaultValueFactory = _ => 50 };
        var gap = new Option<string>("--gap")
        {
            Description = $"How long each cut lasts, {DurationText.Format(LeastGap)} to {DurationText.Format(MostGap)}; random draws it for each.",
            DefaultValueFactory = _ => RandomGap,
        };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the cuts.", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "Directory to keep the captures and gauge.json in; without it they are removed." };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON document." };
        runs.Validators.Add(result =>
        {
            if (result.GetValue(runs) is < 1 or > 10_000)
            {
                result.AddError("--runs takes 1 to 10000.");
            }
        });
        gap.Validators.Add(result =>
        {
            if (result.GetValue(gap) is { } text && text != RandomGap && (!DurationText.TryParse(text, out var value) || value < LeastGap || value > MostGap))
            {
                result.AddError($"--gap takes a duration from {DurationText.Format(LeastGap)} to {DurationText.Format(MostGap)} with its unit, or random.");
            }
        });
        var command = new Command("gauge", "Prove the measuring on failovers whose truth is exactly known: bias, repeatability, coverage.")
        {
            runs, gap, seed, output, json,
        };
        command.SetAction(async (parsed, _) => (int)await new GaugeSession(context, new GaugeRequest
        {
            Plan = new GaugePlan
            {
                Interval = Interval,
                Cuts = GaugeSchedule.Draw(
                    new SeededRandom(parsed.GetValue(seed)),
                    parsed.GetValue(runs),
                    DurationText.TryParse(parsed.GetRequiredValue(gap), out var length) ? length : null,
                    Interval),
            },
            Seed = parsed.GetValue(seed),
            Directory = parsed.GetValue(output),
            Json = parsed.GetValue(json),
        }).RunAsync());
        return command;
    }
}
