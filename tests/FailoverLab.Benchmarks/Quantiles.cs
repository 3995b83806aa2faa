using System.Globalization;

namespace FailoverLab.Benchmarks;

/// <summary>Quantiles as tables print them.</summary>
internal static class Quantiles
{
    /// <summary>Nearest rank, in microseconds; nothing for none.</summary>
    public static string Us(List<long> ns, double quantile) =>
        ns.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ns.Order().ElementAt((int)Math.Max(0, Math.Ceiling(quantile * ns.Count) - 1)) / 1e3:0} us");
}
