using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>
/// Datagrams of one size to one destination, one behind the other, waiting to be handed to the kernel at once. The last may be shorter, and
/// ends the train.
/// </summary>
/// <param name="maxBytes">Most bytes the kernel takes at once.</param>
/// <param name="maxDatagrams">Most datagrams the kernel takes at once.</param>
public sealed class DatagramTrain(int maxBytes, int maxDatagrams)
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(maxBytes, pinned: true);
    private int _length;
    private bool _isClosed;

    /// <summary>Where it goes; set by the owner.</summary>
    public DatagramAddress Destination { get; set; }

    /// <summary>Datagrams waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of each datagram but the last.</summary>
    public int Size { get; private set; }

    /// <summary>The datagrams, one behind the other.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Whether no further datagram of its size can join.</summary>
    public bool IsFull => _isClosed || Count == maxDatagrams || _length + Size > _bytes.Length;

    /// <summary>Copies a datagram to the end, if it may stand there.</summary>
    public bool TryAdd(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > _bytes.Length - _length || Count > 0 && (_isClosed || Count == maxDatagrams || datagram.Length > Size || datagram.IsEmpty))
        {
            return false;
        }

        Size = Count == 0 ? datagram.Length : Size;
        _isClosed = datagram.Length < Size;
        datagram.CopyTo(_bytes.AsSpan(_length));
        _length += datagram.Length;
        Count++;
        return true;
    }

    /// <summary>One of the datagrams, in place.</summary>
    /// <param name="index">0..<see cref="Count"/> - 1.</param>
    public Span<byte> this[int index] => Bytes.Slice(index * Size, Math.Min(Size, _length - (index * Size)));

    /// <summary>Forgets them.</summary>
    public void Clear() => (_length, Count, _isClosed) = (0, 0, false);
}
