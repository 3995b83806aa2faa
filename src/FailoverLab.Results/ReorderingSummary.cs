namespace FailoverLab.Results;

/// <summary>How far packets were overtaken (RFC 4737).</summary>
/// <param name="Ratio">Reordered packets over all received (section 3.3).</param>
/// <param name="MeanExtent">Mean reordering extent: arrivals between the first packet with a higher number and this one (section 4.2).</param>
/// <param name="GreatestExtent">The greatest; 1,024 stands for that or more.</param>
public sealed record ReorderingSummary(double Ratio, double MeanExtent, long GreatestExtent);
