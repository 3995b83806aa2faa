namespace FailoverLab.Emulator;

/// <summary>
/// The log of a link, kept until somebody takes it. Made once; writing allocates nothing. When it is full, new lines are lost and counted.
/// One thread at a time.
/// </summary>
/// <param name="capacity">Lines it can keep; at least 1.</param>
public sealed class FateRing(int capacity)
{
    private readonly PacketFate[] _lines = new PacketFate[capacity];
    private int _first;

    /// <summary>Lines waiting to be taken.</summary>
    public int Count { get; private set; }

    /// <summary>Lines lost because nobody took the others in time.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes the lines that wait, oldest first.</summary>
    /// <param name="into">Room for them.</param>
    /// <returns>How many were taken.</returns>
    public int Take(Span<PacketFate> into)
    {
        var taken = Math.Min(Count, into.Length);
        for (var i = 0; i < taken; i++)
        {
            into[i] = _lines[(_first + i) % _lines.Length];
        }

        _first = (_first + taken) % _lines.Length;
        Count -= taken;
        return taken;
    }

    internal void Write(in PacketFate line)
    {
        if (Count == _lines.Length)
        {
            Lost++;
            return;
        }

        _lines[(_first + Count++) % _lines.Length] = line;
    }
}
