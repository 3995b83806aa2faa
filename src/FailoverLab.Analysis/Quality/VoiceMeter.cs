using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Rates a call over a flow in windows of 5 s that move on by 1 s, by the packets sent in them.</summary>
internal sealed class VoiceMeter
{
    private const long StepNs = 1_000_000_000;
    private const int Steps = 5;
    private const double PoorScore = 3.6;
    private const int ScoreScale = 10_000;

    /// <summary>Packetisation and playout buffer of a telephone: what a call adds to the network's delay.</summary>
    private const double TerminalMs = 40;

    private readonly Second[] _seconds = new Second[Steps];
    private readonly ValueDistribution _scores = new();
    private Second _now;
    private long _second = long.MinValue;
    private long _firstNs;
    private long _lastNs;
    private int _filled;
    private bool _lastLost;
    private double _lowest = double.MaxValue;
    private long _poor;

    /// <summary>Takes a packet, in order of sending.</summary>
    /// <param name="sendNs">When it was sent, ns since the Unix epoch.</param>
    /// <param name="receivedNs">When it arrived; <see cref="RowWindow.Missing"/> = never.</param>
    public void Add(long sendNs, long receivedNs)
    {
        var second = sendNs / StepNs;
        if (second != _second) MoveOn(second);
        if (_filled == 0 && _now.Packets == 0) _firstNs = sendNs;
        _lastNs = sendNs;
        _now.Packets++;
        var lost = receivedNs == RowWindow.Missing;
        if (lost)
        {
            if (_now.Packets == 1) _now.BeginsLosing = _lastLost;
            if (!_lastLost) _now.Periods++;
            _now.Lost++;
        }
        else
        {
            _now.DelayMs += (receivedNs - sendNs) / 1e6;
        }

        _lastLost = lost;
    }

    /// <summary>The summary, once nothing more comes; absent where the flow was shorter than a window.</summary>
    public VoiceSummary? Build()
    {
        // The second in which the flow ends is rated as far as it goes.
        if (_lastNs - _firstNs >= (Steps - 1) * StepNs) MoveOn(_second + 1);
        if (_scores.Count == 0) return null;
        var rating = Math.Round(_lowest, 1);
        return new VoiceSummary(Steps * StepNs, rating, Math.Round(EModel.Score(_lowest), 2), Math.Round(_scores.At(0.5) / (double)ScoreScale, 2), _poor * StepNs);
    }

    private void MoveOn(long second)
    {
        if (_second != long.MinValue)
        {
            _seconds[_second % Steps] = _now;
            if (++_filled >= Steps) Rate();

            // A flow that paused begins its windows anew.
            if (second != _second + 1) _filled = 0;
        }

        (_second, _now) = (second, default);
    }

    private void Rate()
    {
        var sum = default(Second);
        // A loss that goes on from before the window is a period in it too.
        sum.Periods += _seconds[(_second + 1) % Steps].BeginsLosing ? 1 : 0;
        foreach (var second in _seconds)
        {
            sum.Packets += second.Packets;
            sum.Lost += second.Lost;
            sum.Periods += second.Periods;
            sum.DelayMs += second.DelayMs;
        }

        if (sum.Packets == 0) return;
        var loss = (double)sum.Lost / sum.Packets;
        var delay = sum.Packets == sum.Lost ? 0 : sum.DelayMs / (sum.Packets - sum.Lost);
        var burst = sum.Periods == 0 || loss >= 1 ? 1 : (double)sum.Lost / sum.Periods * (1 - loss);
        var rating = loss >= 1 ? 0 : EModel.Rating(Math.Max(0, delay) + TerminalMs, loss, burst);
        var score = EModel.Score(rating);
        _lowest = Math.Min(_lowest, rating);
        _scores.Add((long)(score * ScoreScale));
        if (score < PoorScore) _poor++;
    }

    private struct Second
    {
        public long Packets;
        public long Lost;
        public long Periods;
        public double DelayMs;
        public bool BeginsLosing;
    }
}
