namespace FailoverLab.Scenarios;

/// <summary>One probe of a measurement.</summary>
/// <param name="SentNs">When it was sent, ns; on whatever clock the log has.</param>
/// <param name="TimeNs">Its round trip, ns; <see langword="null"/> when it was lost.</param>
public readonly record struct RoundTrip(long SentNs, long? TimeNs);
