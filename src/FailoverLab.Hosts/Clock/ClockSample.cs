namespace FailoverLab.Hosts;

/// <summary>One exchange of four stamps with a host: asked, received there, answered there, heard. All ns since the Unix epoch.</summary>
/// <param name="SentNs">Reference clock just before the question left.</param>
/// <param name="ReceivedNs">Host clock after it had arrived.</param>
/// <param name="AnsweredNs">Host clock before the answer left; not before <paramref name="ReceivedNs"/>.</param>
/// <param name="HeardNs">Reference clock just after the answer had come.</param>
public readonly record struct ClockSample(long SentNs, long ReceivedNs, long AnsweredNs, long HeardNs)
{
    /// <summary>Time on the way, there and back, ns.</summary>
    public long RoundTripNs => HeardNs - SentNs - (AnsweredNs - ReceivedNs);

    /// <summary>Smallest offset (host less reference) the stamps allow, ns: the answer cannot have been heard before it was given.</summary>
    public long LowNs => AnsweredNs - HeardNs;

    /// <summary>Largest offset the stamps allow, ns: the question cannot have arrived before it was sent.</summary>
    public long HighNs => ReceivedNs - SentNs;

    /// <summary>Middle of the exchange on the reference clock, ns.</summary>
    public long MiddleNs => SentNs + ((HeardNs - SentNs) / 2);
}
