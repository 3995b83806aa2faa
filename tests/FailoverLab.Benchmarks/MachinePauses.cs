using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>
/// What the machine itself did while something was measured: when threads that wait for nobody had to wait, and how much processor time the host gave to
/// others. Pauses shorter than the watch's period of 2 ms may go unseen, so figures away from them are still not better than the truth.
/// </summary>
internal sealed class MachinePauses : IDisposable
{
    private readonly StallWatch _watch = new(SystemClock.Shared, TimeSpan.FromMicroseconds(100));
    private readonly long _stolenNs = Machine.StolenNs();
    private List<Stall>? _seen;

    /// <summary>In words; ends the watch.</summary>
    public string Words => WanBenchmark.Text($"{Seen.Count} pauses of 0.1 ms or longer, {Seen.Sum(s => s.DurationNs) / 1e6:0.0} ms in all; the host took {(Machine.StolenNs() - _stolenNs) / 1e6:0} ms of processor time");

    /// <summary>The machine's pauses in order of time; ends the watch.</summary>
    private List<Stall> Seen
    {
        get
        {
            _watch.Dispose();
            return _seen ??= [.. _watch.Seen().Where(s => s.IsUrgent)];
        }
    }

    /// <summary>Whether the machine ran from one instant to the other, and for as long as a pause's work waits behind it.</summary>
    /// <param name="fromNs">CLOCK_REALTIME.</param>
    /// <param name="toNs">Likewise.</param>
    public bool RanThroughout(long fromNs, long toNs)
    {
        var i = Seen.FindIndex(s => s.AtNs + (2 * s.DurationNs) >= fromNs);
        return i < 0 || Seen[i].AtNs > toNs;
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();
}
