using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>How a metric's figures are written.</summary>
/// <param name="Name">Unit as results name it.</param>
/// <param name="Format">Writes a value.</param>
internal sealed record MetricUnit(string Name, Func<double, string> Format)
{
    private static readonly MetricUnit Time = new("ms", ns => double.IsInfinity(ns) ? "no end" : DurationText.FormatNs((long)Math.Round(ns)));
    private static readonly MetricUnit Share = new("%", r => string.Create(CultureInfo.InvariantCulture, $"{r * 100:0.###}%"));
    private static readonly MetricUnit Path = new("path", _ => "");

    /// <summary>The unit of a metric.</summary>
    public static MetricUnit Of(ExpectationMetric metric) => metric switch
    {
        ExpectationMetric.Outage or ExpectationMetric.DelayMedian or ExpectationMetric.DelayP99 or ExpectationMetric.StartSkew => Time,
        ExpectationMetric.LossRatio => Share,
        ExpectationMetric.Lost or ExpectationMetric.CaptureDrops => Count("packets"),
        ExpectationMetric.WorkingPath => Path,
        _ => Count("count"),
    };

    private static MetricUnit Count(string name) => new(name, n => n.ToString("0", CultureInfo.InvariantCulture));
}
