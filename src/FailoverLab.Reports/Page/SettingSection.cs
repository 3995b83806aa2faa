using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Machine, clock and files as run.</summary>
internal static class SettingSection
{
    /// <summary>Writes machine and clock.</summary>
    public static void WriteEnvironment(MarkupWriter w, RunResult result)
    {
        if (result.Environment is null && result.Clock is null)
        {
            return;
        }

        w.Line($"""<section id="environment"><h2>Environment</h2><dl class="facts">""");
        if (result.Environment is { } e)
        {
            w.Line($"<dt>Program</dt><dd>{e.Program} on {e.Runtime}</dd><dt>Machine</dt><dd>{e.Kernel}, {e.Processors} processors, run as {e.Privilege}</dd>");
        }

        if (result.Seed is { } seed)
        {
            w.Line($"<dt>Seed</dt><dd>{seed.ToString(CultureInfo.InvariantCulture)}</dd>");
        }

        if (result.Clock is { } clock)
        {
            w.Line($"<dt>Clock</dt><dd>{clock.Reference}; {Offsets(clock)}</dd>");
        }

        if (result.StartSkewNs is { } skew)
        {
            w.Line($"<dt>Steps started</dt><dd>at most {TimeWords.Duration(skew.Max)} away from plan</dd>");
        }

        if (result.Restored is { } restored)
        {
            w.Line($"<dt>Lab restored</dt><dd>{(restored ? "yes" : "NO")}</dd>");
        }

        w.Line($"</dl></section>");
    }

    /// <summary>Writes the scenario and the hosts file.</summary>
    public static void WriteFiles(MarkupWriter w, ReportInput input)
    {
        if (input.ScenarioText is null && input.HostsText is null)
        {
            return;
        }

        w.Line($"""<section id="scenario"><h2>Scenario as run</h2>""");
        if (input.ScenarioText is { } scenario)
        {
            w.Line($"<pre>{scenario}</pre>");
        }

        if (input.HostsText is { } hosts)
        {
            w.Line($"<details><summary>hosts.yaml</summary><pre>{hosts}</pre></details>");
        }

        w.Line($"</section>");
    }

    /// <summary>What packets say, as the difference to what was measured: beside an offset of hours their interval could not be told from it.</summary>
    private static string ByPackets(HostClock host) => host.PacketOffset is not { } packets ? "" :
        $" (by packets to and from {packets.Against} {TimeWords.Duration(packets.LowNs - host.OffsetNs)} to {TimeWords.Duration(packets.HighNs - host.OffsetNs)} beside it)";

    private static string Offsets(ClockReport clock)
    {
        if (clock.Hosts.All(h => h is { OffsetNs: 0, BoundNs: 0 }))
        {
            return $"all {clock.Hosts.Count} hosts share it";
        }

        return string.Join("; ", clock.Hosts.Select(h => $"{h.Host} {TimeWords.Duration(h.OffsetNs)} ± {TimeWords.Duration(h.BoundNs)}{ByPackets(h)}"));
    }
}
