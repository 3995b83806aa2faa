using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Collects values for quantiles.</summary>
internal sealed class ValueDistribution
{
    private readonly List<long> _values = [];

    /// <summary>Takes a value.</summary>
    public void Add(long value) => _values.Add(value);

    /// <summary>Takes all values of another.</summary>
    public void Add(ValueDistribution other) => _values.AddRange(other._values);

    /// <summary>The distribution; absent for none.</summary>
    public DelaySummary? Summarise() => Quantile.Summarise(_values.ToArray());
}
