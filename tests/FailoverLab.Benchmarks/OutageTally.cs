using System.Globalization;

namespace FailoverLab.Benchmarks;

/// <summary>What the cuts of one case have come to.</summary>
internal sealed class OutageTally
{
    private readonly List<double> _outages = [];
    private readonly List<double> _calm = [];
    private readonly List<double> _controls = [];
    private readonly List<double> _decided = [];

    /// <summary>The longest outage, ms.</summary>
    public double Longest => _outages.Max();

    /// <summary>A cut was measured.</summary>
    /// <param name="there">The silence of one direction.</param>
    /// <param name="back">The other's.</param>
    /// <param name="decidedNs">When the endpoint decided to switch, monotonic; 0 when it did not.</param>
    /// <param name="paused">Whether the machine itself stood still meanwhile.</param>
    public void AddCut(in Silence there, in Silence back, long decidedNs, bool paused)
    {
        var longer = there.OutageMs >= back.OutageMs ? there : back;
        _outages.Add(longer.OutageMs);
        if (!paused)
        {
            _calm.Add(longer.OutageMs);
        }

        if (decidedNs > longer.FromNs && decidedNs < longer.ToNs)
        {
            _decided.Add((decidedNs - longer.FromNs) / 1e6);
        }
    }

    /// <summary>As long a time without a cut was measured.</summary>
    public void AddControl(in Silence there, in Silence back)
    {
        _controls.Add(Math.Max(there.OutageMs, back.OutageMs));
    }

    /// <summary>Columns of the table between the name and what was carried.</summary>
    /// <param name="lost">Packets lost from the beginning to the end, both directions.</param>
    public string Columns(int lost) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_outages.Count} | {Quantiles(_outages)} | {_calm.Count}: {Quantiles(_calm)} | {lost} | {Quantiles(_controls)} | {Quantiles(_decided)}");

    private static string Quantiles(List<double> values)
    {
        if (values.Count == 0)
        {
            return "–";
        }

        var sorted = values.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{At(sorted, 0.5):0.0}, {At(sorted, 0.99):0.0}, {sorted[^1]:0.0}");
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
