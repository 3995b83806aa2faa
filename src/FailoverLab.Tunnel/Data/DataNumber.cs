namespace FailoverLab.Tunnel;

/// <summary>The number of a data packet: 24 bits of the sender's session, then 40 bits that count from 1.</summary>
internal static class DataNumber
{
    /// <summary>The bits that tell the run.</summary>
    public const ulong RunMask = ~0UL << CounterBits;

    private const int CounterBits = 40;

    /// <summary>The run's bits of all numbers in a session.</summary>
    public static ulong RunOf(ulong session) => session << CounterBits;
}
