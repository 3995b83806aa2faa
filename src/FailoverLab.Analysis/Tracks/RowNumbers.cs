using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>
/// Turns sequence numbers into rows. A number far from all others, or back among the flow's first long after them, is a damaged or
/// belated packet, until more like it follow: then the sender began anew, and its rows go on behind those before.
/// </summary>
internal sealed class RowNumbers
{
    /// <summary>No row: the packet is not counted.</summary>
    public const long None = long.MinValue;

    /// <summary>Numbers may jump this far: 26 s of loss at 10,000 packets/s. A flow of few packets may not yet, see <see cref="FirstJump"/>.</summary>
    public const long MaxJump = RowWindow.Largest;

    /// <summary>So far may numbers jump at first, and so much farther for each packet seen: rows take room and time, packets made up cost nothing.</summary>
    public const long FirstJump = 1024;

    private const long JumpPerPacket = 64;
    private const int PacketsToBelieve = 8;

    // A flow that begins near the end of 63 bits is damaged; rows are counted on from its numbers.
    private const long MostNumber = 1L << 61;

    /// <summary>No packet is overtaken by so many.</summary>
    private const int Overtaken = 1024;

    private readonly List<(long FirstNumber, long FirstRow)> _restarts = [];
    private Place[] _places = [];
    private long _highest = long.MinValue;
    private long _first;
    private long _reach = FirstJump;

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
            if (row <= _highest + _reach && row >= _highest - _reach && (number >= place.Last - Overtaken || number >= _first + Overtaken))
            {
                if (_reach < MaxJump) _reach += JumpPerPacket;
                if (row > _highest) _highest = row;
                (place.Doubted, place.Last) = (0, number);
                return row;
            }
        }

        return FirstOrFar(slot, number);
    }

    /// <summary>Goes on over numbers that follow the last one without a gap.</summary>
    public void PassOver(int slot, int count)
    {
        _highest += count;
        _reach = Math.Min(MaxJump, _reach + (count * JumpPerPacket));
        _places[slot].Last += count;
    }

    /// <summary>The first number of the flow or of a point, or one far from all others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long FirstOrFar(int slot, long number)
    {
        if (number is < -MostNumber or > MostNumber)
        {
            Strange++;
            return None;
        }

        var known = _places.Length;
        if (known <= slot)
        {
            Array.Resize(ref _places, slot + 1);
            for (; known <= slot; known++) _places[known] = new Place();
            if (_highest == long.MinValue) return _highest = _first = _places[slot].Last = number;
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
        (place.Offset, place.Last) = (firstRow - firstNumber, number);
        var row = number + place.Offset;
        if (row > _highest) _highest = row;
        return row;
    }

    private sealed class Place
    {
        public long Offset;
        public long Last = long.MinValue + Overtaken;
        public int Restarts;
        public int Doubted;
        public long DoubtedNumber;
    }
}
