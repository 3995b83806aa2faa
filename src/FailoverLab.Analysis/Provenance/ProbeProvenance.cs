namespace FailoverLab.Analysis;

/// <summary>Which paths one probe was seen on inside a tunnel that cannot be read.</summary>
/// <param name="Sequence">The probe.</param>
/// <param name="Seen">Paths with a packet that is this probe, bit 0 = path 0; several for duplication, none when it was lost before every
/// capture or went where nothing is captured.</param>
/// <param name="Carrying">Paths the tunnel used at this time by the evidence of this probe and its neighbours; none when that is unknown.</param>
/// <param name="Confidence">Probability that <paramref name="Seen"/> is right on the least certain path, 0.5..1.</param>
public readonly record struct ProbeProvenance(long Sequence, uint Seen, uint Carrying, double Confidence)
{
    /// <summary>From this confidence on an attribution counts.</summary>
    public const double CertainFrom = 0.9;

    /// <summary>Whether the attribution counts.</summary>
    public bool IsCertain => Confidence >= CertainFrom;
}
