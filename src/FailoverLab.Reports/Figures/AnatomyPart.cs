using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The stretch of a failover between two neighbouring marks.</summary>
/// <param name="End">The mark that ends it.</param>
/// <param name="FromNs">Start, ns since the Unix epoch.</param>
/// <param name="ToNs">End, ns since the Unix epoch; not before the start.</param>
internal sealed record AnatomyPart(AnatomyMarkKind End, long FromNs, long ToNs)
{
    /// <summary>Length, ns.</summary>
    public long LengthNs => ToNs - FromNs;
}
