namespace FailoverLab.Analysis;

/// <summary>
/// Decides, for the probes of a block in order, which packet of an opaque flow each of them is: the likeliest course of all together
/// (Viterbi). At every probe the flow either does not go this way, or goes this way unseen, or is one of the packets that have its length
/// and come at a possible time. Packets keep their order, and whether the flow goes this way seldom changes.
/// </summary>
internal sealed class CarrierChain
{
    private const int Off = 0;
    private const int Unseen = 1;
    private const int FirstCandidate = 2;
    private const int MostCandidates = 24;

    // ln of: one probe in a thousand is the first or the last of a stay on a path; one packet in fifty overtakes.
    private const double Turn = -6.9;
    private const double Overtake = -3.9;

    // A tunnel end that was held up sends what waited in one burst: each packet right behind the one before.
    private const long FollowNs = 50_000;
    private const double FollowShare = 0.2;

    // Such a hold-up is looked for up to this length.
    private const long LateNs = 25_000_000;
    private const long EarlyNs = 2_000_000;

    private const long NoStamp = long.MinValue;

    private readonly List<State> _states = [];
    private readonly List<int> _starts = [];
    private readonly List<(double Score, State State)> _found = [];

    /// <summary>One thing that may be true of a probe.</summary>
    private struct State
    {
        public int Packet;
        public int From;
        public double Density;
        public double Seen;
        public double Rate;
        public double Score;
        public long StampNs;
        public long LastNs;
    }

    /// <summary>Finds the likeliest course.</summary>
    /// <param name="probes">The probes, in order.</param>
    /// <param name="packets">The opaque flow.</param>
    /// <param name="model">What is known of the way.</param>
    /// <param name="rates">Other traffic of each length, 1/s.</param>
    /// <param name="earliestNs">How much earlier than at the sender a packet may be stamped, for clocks that differ; ns, not negative.</param>
    /// <param name="before">How the block before ended.</param>
    /// <param name="course">What each probe is.</param>
    public void Run(
        ReadOnlySpan<CodedProbe> probes, OpaquePackets packets, CarrierModel model, ReadOnlySpan<double> rates, long earliestNs, in CarrierStep before, Span<CarrierStep> course)
    {
        _states.Clear();
        _starts.Clear();
        for (var i = 0; i < probes.Length; i++)
        {
            _starts.Add(_states.Count);
            var seen = probes[i].IsDelivered ? model.SeenDelivered : model.SeenLost;
            _states.Add(new State { Packet = -1, LastNs = NoStamp });
            _states.Add(new State { Packet = -1, Seen = seen });
            course[i].Ratio = AddCandidates(probes[i], packets, model, rates, earliestNs, seen);
            course[i].Candidates = _states.Count - _starts[i] - FirstCandidate;
            Advance(i, probes[i], before);
        }

        Backtrack(course);
    }

    private double AddCandidates(in CodedProbe probe, OpaquePackets packets, CarrierModel model, ReadOnlySpan<double> rates, long earliestNs, double seen)
    {
        var length = probe.Length + model.Overhead;
        if (length >= rates.Length) return 0;
        var fromNs = probe.EntryNs + model.In.LowNs - EarlyNs;
        var toNs = probe.EntryNs + model.In.HighNs + LateNs;
        fromNs = Math.Max(fromNs, probe.EntryNs - earliestNs);
        var (sum, rate) = (0.0, rates[length]);
        _found.Clear();
        foreach (var packet in packets.Between(length, fromNs, toNs))
        {
            var stamp = packets.StampOf(packet);
            var density = model.DensityOf(probe, stamp);
            sum += density / rate;
            _found.Add((density, new State { Packet = packet, StampNs = stamp, LastNs = stamp, Density = density, Seen = seen, Rate = rate }));
        }

        if (_found.Count > MostCandidates)
        {
            _found.Sort((a, b) => b.Score.CompareTo(a.Score));
            _found.RemoveRange(MostCandidates, _found.Count - MostCandidates);
            _found.Sort((a, b) => a.State.StampNs.CompareTo(b.State.StampNs));
        }

        foreach (var (_, state) in _found) _states.Add(state);
        return sum;
    }

    private void Advance(int probe, in CodedProbe at, in CarrierStep before)
    {
        var states = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_states);
        var now = states[_starts[probe]..];
        if (probe == 0)
        {
            for (var to = 0; to < now.Length; to++)
            {
                now[to].Score = (before.IsOn == (to != Off) ? 0 : Turn) + Gain(to, now[to], before.LastNs, at);
                if (to == Unseen) now[to].LastNs = before.LastNs;
            }

            return;
        }

        var earlier = states[_starts[probe - 1].._starts[probe]];
        for (var to = 0; to < now.Length; to++)
        {
            ref var state = ref now[to];
            state.Score = double.NegativeInfinity;
            for (var from = 0; from < earlier.Length; from++)
            {
                var score = earlier[from].Score + ((from == Off) == (to == Off) ? 0 : Turn) + Gain(to, state, earlier[from].LastNs, at);
                if (score <= state.Score) continue;
                (state.Score, state.From) = (score, from);
                if (to == Unseen) state.LastNs = earlier[from].LastNs;
            }
        }
    }

    private static double Gain(int to, in State state, long lastNs, in CodedProbe at)
    {
        if (to == Off) return 0;
        if (to == Unseen) return Math.Log(1 - state.Seen);
        if (lastNs == state.StampNs) return double.NegativeInfinity;
        var density = state.Density;
        if (lastNs > at.EntryNs && state.StampNs > lastNs && state.StampNs <= lastNs + FollowNs) density += FollowShare / (FollowNs / 1e9);
        return Math.Log(state.Seen * density / state.Rate) + (state.StampNs < lastNs ? Overtake : 0);
    }

    private void Backtrack(Span<CarrierStep> course)
    {
        var states = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_states);
        var best = 0;
        var last = states[_starts[^1]..];
        for (var s = 1; s < last.Length; s++)
        {
            if (last[s].Score > last[best].Score) best = s;
        }

        for (var i = _starts.Count - 1; i >= 0; i--)
        {
            ref readonly var state = ref states[_starts[i] + best];
            (course[i].IsOn, course[i].Packet, course[i].LastNs) = (best != Off, state.Packet, best == Off ? NoStamp : state.LastNs);
            course[i].IsAmbiguous = best >= FirstCandidate && HasRival(states, i, best);
            best = state.From;
        }
    }

    /// <summary>Whether another packet would do nearly as well.</summary>
    private bool HasRival(ReadOnlySpan<State> states, int probe, int best)
    {
        var end = probe + 1 < _starts.Count ? _starts[probe + 1] : states.Length;
        for (var s = _starts[probe] + FirstCandidate; s < end; s++)
        {
            if (s != _starts[probe] + best && states[s].Density > states[_starts[probe] + best].Density / 10) return true;
        }

        return false;
    }
}
