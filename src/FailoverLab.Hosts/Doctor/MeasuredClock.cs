namespace FailoverLab.Hosts;

/// <summary>A host's clock as measured from here, and what keeps it there.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="First">First measurement.</param>
/// <param name="Second">Second one, later; absent when only one was made.</param>
/// <param name="Keeper">What keeps the clock; absent when it is not known.</param>
public sealed record MeasuredClock(string Host, ClockEstimate First, ClockEstimate? Second, string? Keeper)
{
    /// <summary>What is asked beside the exchanges.</summary>
    public static IReadOnlyList<IHostCheck> Checks { get; } = [new TimeSyncCheck()];

    /// <summary>How much faster the host's clock runs, parts per million; absent with one measurement.</summary>
    public double? DriftPpm => Span is { } span ? (Second!.OffsetNs - First.OffsetNs) / span * 1e6 : null;

    /// <summary>The truth lies within ± this of <see cref="DriftPpm"/>, parts per million.</summary>
    public double? DriftBoundPpm => Span is { } span ? (double)(Second!.BoundNs + First.BoundNs) / span * 1e6 : null;

    /// <summary>The measurement that counts: the later one.</summary>
    public ClockEstimate Latest => Second ?? First;

    private double? Span => Second is { } second && second.AtNs > First.AtNs ? second.AtNs - First.AtNs : null;

    /// <summary>Whether the clock can be used: the exchanges agree, and the bound is below a limit.</summary>
    /// <param name="limitNs">Largest bound that is of use, ns.</param>
    public Finding Judge(long limitNs)
    {
        var text = ToString();
        return !Latest.IsConsistent ? new Finding(Host, "clock", FindingStatus.Bad, text, "the clock was stepped while it was measured; let chrony settle, then measure again")
            : Latest.BoundNs > limitNs ? new Finding(Host, "clock", FindingStatus.Bad, text, "the way to the host is too slow or too uneven to tell its time; measure from nearer by")
            : Keeper is null ? new Finding(Host, "clock", FindingStatus.Note, text, "nothing is known to keep this clock; apt-get install chrony")
            : new Finding(Host, "clock", FindingStatus.Ok, text, null);
    }

    /// <summary>Offset, drift and round trip in one line.</summary>
    public override string ToString()
    {
        var drift = DriftPpm is { } ppm ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", drift {ppm:+0.00;-0.00;0} ppm ± {DriftBoundPpm:0.00}") : "";
        return $"offset {Signed(Latest.OffsetNs)} ± {Time(Latest.BoundNs)}{drift}, round trip {Time(Latest.RoundTripNs)}, {Latest.Samples} exchanges{(Keeper is null ? "" : $"; {Keeper}")}";
    }

    private static string Signed(long ns) => (ns < 0 ? "-" : "+") + Time(Math.Abs(ns));

    private static string Time(long ns) => ns switch
    {
        < 10_000_000 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ns / 1e3:0.0} us"),
        < 10_000_000_000 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ns / 1e6:0.0} ms"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ns / 1e9:0.000} s"),
    };
}
