using System.Globalization;
using FailoverLab.Emulator;
using FailoverLab.Results;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>What a link did beyond what it was asked: losses of the emulator's own and time its line stood still. Figures of it are not those of the link asked for. Pure.</summary>
internal static class LinkOverrun
{
    /// <summary>Code of the caveat; docs/RESULTS.md says what it means.</summary>
    public const string Code = "link-overrun";

    /// <summary>From this share of the run on, a line that stood still was slower than asked by more than rates may be off.</summary>
    private const double TellingShare = 0.001;

    /// <summary>The event that says so.</summary>
    /// <param name="plan">The link.</param>
    /// <param name="before">What it had done when the run began; <see langword="null"/> is nothing.</param>
    /// <param name="after">What it has done at its end.</param>
    /// <param name="elapsed">How long the run was.</param>
    /// <param name="atNs">Now, ns since the Unix epoch.</param>
    /// <returns><see langword="null"/> when it did what it was asked and nothing else.</returns>
    public static RunEvent? Of(WanLinkPlan plan, WanCounters? before, WanCounters after, TimeSpan elapsed, long atNs)
    {
        (string Key, string Words, long Count)[] losses =
        [
            ("missed", "not read in time", after.Missed - (before?.Missed ?? 0)),
            ("refused", "refused by the kernel", after.RefusedByKernel - (before?.RefusedByKernel ?? 0)),
            ("oversized", "longer than the MTU", after.Oversized - (before?.Oversized ?? 0)),
            ("capacity", "beyond what it can hold", Capacity(after) - (before is null ? 0 : Capacity(before))),
        ];
        var still = TimeSpan.FromTicks((StoodStillNs(after.Up, before?.Up) > StoodStillNs(after.Down, before?.Down) ? StoodStillNs(after.Up, before?.Up) : StoodStillNs(after.Down, before?.Down)) / 100);
        var words = losses.Where(l => l.Count > 0).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Count} packets {l.Words}")).ToList();
        if (still > elapsed * TellingShare)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"its line stood still for {still.TotalMilliseconds:0.0} ms because the machine did"));
        }

        return words.Count == 0 ? null : new RunEvent
        {
            AtNs = atNs,
            Kind = RunEventKind.Run,
            Host = plan.Wanulator,
            Text = $"Link {plan.Name} did more than it was asked: {string.Join(", ", words)}.",
            Data = losses.ToDictionary(l => l.Key, l => l.Count.ToString(CultureInfo.InvariantCulture))
                .Append(new("stoodStillNs", (still.Ticks * 100).ToString(CultureInfo.InvariantCulture)))
                .Append(new("path", plan.Path)).Append(new(RunEvent.CaveatKey, Code)).ToDictionary(),
        };
    }

    private static long Capacity(WanCounters counters) => counters.Up.DroppedByCapacity + counters.Down.DroppedByCapacity;

    private static long StoodStillNs(LinkCounters after, LinkCounters? before) => after.StoodStillNs - (before?.StoodStillNs ?? 0);
}
