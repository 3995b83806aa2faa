using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FailoverLab.Benchmarks;

/// <summary>One way from near to far.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Address">The far end's address through it.</param>
internal sealed partial record TunnelContender(string Name, string Address)
{
    private const string Pings = "150";

    /// <summary>Seconds. Below 10 ms ping does not sleep between two, and one processor is never quiet.</summary>
    private const string Interval = "0.02";

    /// <summary>Measures it: both directions, then the round trip while nothing else runs.</summary>
    /// <param name="network">Where; an iperf3 server runs at the far end.</param>
    /// <param name="seconds">How long each direction; one more second before is not counted.</param>
    public TunnelRun Measure(TunnelNetwork network, int seconds)
    {
        var up = Transfer(network, seconds);
        var down = Transfer(network, seconds, "--reverse");
        var times = Time().Matches(TunnelNetwork.In(network.Near, "ping", "-i", Interval, "-c", Pings, Address)).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        return new TunnelRun(up, down, Duel.Median(times) * 1000);
    }

    private double Transfer(TunnelNetwork network, int seconds, params string[] more)
    {
        var json = TunnelNetwork.In(network.Near, ["iperf3", "-c", Address, "-t", seconds.ToString(CultureInfo.InvariantCulture), "-O", "1", "-J", .. more]);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e6;
    }

    [GeneratedRegex("time=([0-9.]+) ms")]
    private static partial Regex Time();
}
