using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>
/// Turns sequence numbers into rows. A number far from all others is a damaged packet, until more like it follow: then the sender
/// began anew, and its rows go on behind those before.
/// </summary>
internal sealed class RowNumbers
{
    /// <summary>No row: the packet is not counted.</summary>
    public const long None = long.MinValue;

    /// <summary>Numbers may jump this far: 26 s of loss at 10,000 packets/s.</summary>
    public const long MaxJump = RowWindow.Largest;

    private const int PacketsToBelieve = 8;

    private readonly List<(long FirstNumber, long FirstRow)> _restarts = [];
    private Place[] _places = [];
    private long _highest = long.MinValue;

    /// <summary>Packets with numbers that nothing explained.</summary>
    public long Strange { get; private set; }

    /// <summary>Times the sender began anew.</summary>
    public int Restarts => _restarts.Count;

    /// <summary>The row of a number seen at a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long RowOf(int slot, long number)
    {
        var places = _places;
        if ((uint)slot < (uint)places.Length)
        {
            var place = places[slot];
            var row = number + place.Offset;
            if (row <= _highest + MaxJump && row >= _highest - MaxJump)
            {
                if (row > _highest) _highest = row;
                place.Doubted = 0;
                return row;
            }
        }

        return FirstOrFar(slot, number);
    }

    /// <summary>The first number of the flow or of a point, or one far from all others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long FirstOrFar(int slot, long number)
    {
        var known = _places.Length;
        if (known <= slot)
        {
            Array.Resize(ref _places, slot + 1);
            for (; known <= slot; known++) _places[known] = new Place();
            if (_highest == long.MinValue) return _highest = number;
            return RowOf(slot, number);
        }

        return Doubt(_places[slot], number);
    }

    private long Doubt(Place place, long number)
    {
        Strange++;
        place.Doubted = place.Doubted > 0 && number > place.DoubtedNumber && number - place.DoubtedNumber < MaxJump ? place.Doubted + 1 : 1;
        place.DoubtedNumber = number;
        if (place.Doubted < PacketsToBelieve) return None;
        Strange -= PacketsToBelieve;
        place.Doubted = 0;
        if (place.Restarts == _restarts.Count) _restarts.Add((number, _highest + 1));
        var (firstNumber, firstRow) = _restarts[place.Restarts++];
        place.Offset = firstRow - firstNumber;
        var row = number + place.Offset;
        if (row > _highest) _highest = row;
        return row;
    }

    private sealed class Place
    {
        public long Offset;
        public int Restarts;
        public int Doubted;
        public long DoubtedNumber;
    }
}
