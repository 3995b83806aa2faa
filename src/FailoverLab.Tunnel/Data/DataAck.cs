namespace FailoverLab.Tunnel;

/// <summary>Which numbered packets were received.</summary>
/// <param name="Highest">The highest number; 0 = none (<see cref="DataNumber"/>).</param>
/// <param name="Before">The 64 numbers below it; bit 0 = <paramref name="Highest"/> - 1. What lies further back is not told.</param>
public readonly record struct DataAck(ulong Highest, ulong Before)
{
    private const int Told = 64;

    /// <summary>Whether it says that a packet was not received (yet).</summary>
    /// <param name="number">A number that was sent.</param>
    public bool Misses(ulong number)
    {
        if (number >= Highest)
        {
            return number > Highest;
        }

        var back = Highest - number - 1;
        return back < Told && (Before >> (int)back & 1) == 0;
    }
}
