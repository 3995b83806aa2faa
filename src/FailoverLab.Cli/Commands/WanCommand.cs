using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>wan IF_A IF_B</c>: the link emulator by itself, between two interfaces.</summary>
internal static class WanCommand
{
    public static Command Create(CommandContext context)
    {
        var near = new Argument<string>("IF_A") { Description = "Interface on the near side: up is from here." };
        var far = new Argument<string>("IF_B") { Description = "Interface on the far side." };
        var more = new Argument<string[]>("MORE") { Description = "Further links, two interfaces each.", Arity = ArgumentArity.ZeroOrMore };
        var profile = new Option<string?>("--profile") { HelpName = "FILE", Description = $"A profile: a file, or the name of one in {ProfileLoader.DefaultDirectory}." };
        var delay = new Option<string?>("--delay") { Description = "Delay of both directions, in place of the profile's: 20ms." };
        var jitter = new Option<string?>("--jitter") { Description = "Random addition to it, 0 to this: 5ms." };
        var loss = new Option<string?>("--loss") { Description = "Share lost at random: 1%." };
        var rate = new Option<string?>("--rate") { Description = "Rate of the bottleneck: 20Mbit/s." };
        var seed = new Option<ulong>("--seed") { Description = "Seed of every packet's fate.", DefaultValueFactory = _ => 1 };
        var length = new Option<string?>("--for") { Description = "End after so long; otherwise at Ctrl-C." };
        var log = new Option<string?>("--log") { HelpName = "FILE", Description = "Write each packet's fate: NDJSON, or CSV if the name ends so." };
        var control = new Option<string?>("--control") { HelpName = "PATH", Description = "Make a unix socket where lines change the links while they run (`wan tell PATH`); - for the standard input." };
        var json = new Option<bool>("--json") { Description = "Print the figures as one JSON document at the end." };
        foreach (var duration in (Option<string?>[])[delay, jitter, length])
        {
            Demand(duration, text => DurationText.TryParse(text, out var value) && value >= TimeSpan.Zero && value <= TimeSpan.FromHours(24), "a duration with its unit, not negative: 20ms");
        }

        Demand(loss, text => Ratio.TryParse(text, out _), "a percentage, 0% to 100%");
        Demand(rate, text => DataRate.TryParse(text, out _), "a rate above zero with its unit: 20Mbit/s");
        var command = new Command("wan", "Emulate a WAN link between two interfaces until Ctrl-C; they are left as they were found.")
        {
            near, far, more, profile, delay, jitter, loss, rate, seed, length, log, control, json,
        };
        command.Subcommands.Add(WanLearnCommand.Create(context));
        command.Subcommands.Add(WanTraceCommand.Create(context));
        command.Subcommands.Add(WanTellCommand.Create(context));
        command.SetAction(async (parsed, _) =>
        {
            var both = new LinkChange
            {
                Delay = Duration(parsed.GetValue(delay)),
                Jitter = Duration(parsed.GetValue(jitter)),
                Loss = Ratio.TryParse(parsed.GetValue(loss), out var share) ? share : null,
                Rate = DataRate.TryParse(parsed.GetValue(rate), out var bits) ? bits : null,
            };
            var bag = new DiagnosticBag();
            var named = parsed.GetValue(profile);
            var read = named is null ? null : ProfileLoader.Load(named, bag);
            context.ShowDiagnostics(bag.Sorted());
            if (bag.HasErrors)
            {
                return (int)ExitCode.InvalidFile;
            }

            string[] names = [parsed.GetRequiredValue(near), parsed.GetRequiredValue(far), .. parsed.GetValue(more) ?? []];
            return (int)await new WanSession(context, new WanRequest
            {
                Pairs = [.. names.Chunk(2).Select(p => new WanPair(p[0], p.ElementAtOrDefault(1) ?? ""))],
                Profile = read?.Name ?? "none",
                Up = LinkChange.Good.With(read?.Up ?? new()).With(both),
                Down = LinkChange.Good.With(read?.Down ?? new()).With(both),
                Seed = parsed.GetValue(seed),
                Length = Duration(parsed.GetValue(length)),
                Log = parsed.GetValue(log),
                Control = parsed.GetValue(control),
                Json = parsed.GetValue(json),
            }).RunAsync();
        });
        return command;
    }

    private static TimeSpan? Duration(string? text) => DurationText.TryParse(text, out var value) ? value : null;

    private static void Demand(Option<string?> option, Func<string, bool> isGood, string form) => option.Validators.Add(result =>
    {
        if (result.GetValue(option) is { } text && !isGood(text))
        {
            result.AddError($"{option.Name} takes {form}; seen '{text}'.");
        }
    });
}
