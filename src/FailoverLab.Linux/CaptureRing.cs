using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>
/// Captures both directions of one interface through a memory ring shared with the kernel (TPACKET_V3): no system call and no copy per
/// frame. It goes on when the interface goes down and comes up again. One thread at a time.
/// </summary>
public sealed unsafe class CaptureRing : IPollable, IDisposable
{
    // Small blocks: one that holds a single frame is handed over after the retire time and spends its whole size of the ring.
    private const int BlockSize = 64 << 10;
    private const uint RetireTimeoutMs = 20;
    private const int VersionThree = 2;
    private const int VlanTagSize = 4;
    private const int AddressesSize = 12;
    private readonly Descriptor _handle;
    private readonly int _fd;
    private readonly byte* _ring;
    private readonly int _blockCount;
    private int _block;
    private uint _framesLeft;
    private RingFrame* _frame;

    private CaptureRing(Descriptor handle, string name, byte* ring, int blockCount)
    {
        _handle = handle;
        _fd = handle.Number;
        _ring = ring;
        _blockCount = blockCount;
        Name = name;
        HardwareType = PacketBinding.ReadHardwareType(_fd, name);
    }

    /// <summary>Interface name.</summary>
    public string Name { get; }

    /// <summary>Kind of link header (ARPHRD): 1 Ethernet, 65534 none (a TUN: frames begin with IP).</summary>
    public int HardwareType { get; }

    /// <inheritdoc/>
    public int Descriptor => _fd;

    /// <summary>How often the interface was found down. It may have come up since.</summary>
    public int DownCount { get; private set; }

    /// <summary>Whether the interface was deleted or left the namespace; no more frames will come.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Frames the kernel saw on the interface since opening, those it dropped included; as of the last <see cref="ReadStatistics"/>.</summary>
    public long Seen { get; private set; }

    /// <summary>Frames the kernel dropped because the ring was full; as of the last <see cref="ReadStatistics"/>.</summary>
    public long Dropped { get; private set; }

    /// <summary>Starts capturing on an interface of the calling thread's network namespace.</summary>
    /// <param name="name">Interface name.</param>
    /// <param name="snapLength">Bytes kept of each frame, 1..65535.</param>
    /// <param name="ringBytes">Size of the ring, rounded up to whole blocks of 64 KiB; at least 2 blocks.</param>
    /// <exception cref="LinuxException">No such interface, not allowed, or no memory for the ring.</exception>
    public static CaptureRing Open(string name, int snapLength = 65535, int ringBytes = 4 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(snapLength);
        var blockCount = Math.Max(2, (ringBytes + BlockSize - 1) / BlockSize);
        var handle = PacketBinding.Open(name);
        try
        {
            var fd = handle.Number;
            SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.Version, VersionThree, name);
            SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.Reserve, VlanTagSize, name);

            // Makes the kernel stamp every packet where it enters; the ring alone would stamp it where it is copied.
            SocketOption.Set(fd, SocketOption.LevelSocket, SocketOption.TimestampNs, 1, name);
            SocketOption.SetSnapLength(fd, snapLength, name);
            var ring = Map(fd, blockCount, name);
            PacketBinding.Bind(fd, name, PacketSocket.AllProtocols);
            return new CaptureRing(handle, name, ring, blockCount);
        }
        catch (LinuxException)
        {
            // Closing the socket does not unmap, but this fails once at start-up and the ring is small.
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes the next frame. A block goes back to the kernel when its last frame has been passed.</summary>
    /// <returns>Whether there was a frame; frames appear at most 20 ms late, their stamps are exact.</returns>
    public bool TryNext(out CapturedFrame frame)
    {
        while (_framesLeft == 0)
        {
            if (!OpenNextBlock())
            {
                TakeError();
                frame = default;
                return false;
            }
        }

        var header = _frame;
        _framesLeft--;
        _frame = (RingFrame*)((byte*)header + header->NextOffset);
        frame = View(header);
        return true;
    }

    /// <summary>Brings <see cref="Seen"/> and <see cref="Dropped"/> up to date.</summary>
    public void ReadStatistics()
    {
        // tpacket_stats_v3: seen, dropped, times frozen; reading clears the kernel's counts.
        var counts = stackalloc uint[3];
        uint size = 3 * sizeof(uint);
        if (Libc.getsockopt(_fd, SocketOption.LevelPacket, PacketBinding.Statistics, counts, &size) == 0)
        {
            Seen += counts[0];
            Dropped += counts[1];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_handle.IsClosed)
        {
            _ = Libc.munmap(_ring, (nuint)_blockCount * BlockSize);
            _handle.Dispose();
        }
    }

    private static byte* Map(int fd, int blockCount, string name)
    {
        const int ReadWrite = 3;
        const int Shared = 1;
        var request = new RingRequest
        {
            BlockSize = BlockSize,
            BlockCount = (uint)blockCount,
            FrameSize = 2048,
            FrameCount = (uint)(blockCount * (BlockSize / 2048)),
            RetireTimeoutMs = RetireTimeoutMs,
        };
        if (Libc.setsockopt(fd, SocketOption.LevelPacket, PacketBinding.RxRing, &request, (uint)sizeof(RingRequest)) != 0)
        {
            throw new LinuxException("setsockopt(PACKET_RX_RING)", $"{name}, {blockCount} blocks", Marshal.GetLastPInvokeError());
        }

        var ring = (byte*)Libc.mmap(null, (nuint)blockCount * BlockSize, ReadWrite, Shared, fd, 0);
        return ring != (byte*)-1 ? ring : throw new LinuxException("mmap", $"capture ring of {name}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Gives the block just finished back, and takes the next if the kernel has filled it.</summary>
    private bool OpenNextBlock()
    {
        if (_frame is not null)
        {
            Volatile.Write(ref BlockAt(_block)->Status, RingBlock.OwnedByKernel);
            _block = (_block + 1) % _blockCount;
            _frame = null;
        }

        var block = BlockAt(_block);
        if ((Volatile.Read(ref block->Status) & RingBlock.OwnedByUser) == 0)
        {
            return false;
        }

        _framesLeft = block->FrameCount;
        _frame = (RingFrame*)((byte*)block + block->FirstFrameOffset);
        return true;
    }

    private RingBlock* BlockAt(int index) => (RingBlock*)(_ring + ((nint)index * BlockSize));

    private static CapturedFrame View(RingFrame* header)
    {
        var data = (byte*)header + header->LinkHeaderOffset;
        var captured = (int)header->CapturedLength;
        var wire = (int)header->WireLength;
        if ((header->Status & RingFrame.HasVlanTag) != 0 && captured >= AddressesSize)
        {
            // The kernel took the tag out of the frame. Put it back behind the addresses, which move into the room reserved for it.
            new Span<byte>(data, AddressesSize).CopyTo(new Span<byte>(data - VlanTagSize, AddressesSize));
            data -= VlanTagSize;
            var tag = new Span<byte>(data + AddressesSize, VlanTagSize);
            var protocol = (header->Status & RingFrame.HasVlanProtocol) != 0 ? header->VlanProtocol : (ushort)0x8100;
            BinaryPrimitives.WriteUInt16BigEndian(tag, protocol);
            BinaryPrimitives.WriteUInt16BigEndian(tag[2..], (ushort)header->VlanTag);
            captured += VlanTagSize;
            wire += VlanTagSize;
        }

        return new CapturedFrame
        {
            Data = new ReadOnlySpan<byte>(data, captured),
            OriginalLength = wire,
            RealtimeNs = (header->Seconds * 1_000_000_000L) + header->Nanoseconds,
            Kind = (FrameKind)header->PacketType,
        };
    }

    /// <summary>Takes a waiting error off the socket: left there, it would make every poll return at once.</summary>
    private void TakeError()
    {
        const int SocketError = 4;
        int error;
        uint size = sizeof(int);
        if (Libc.getsockopt(_fd, SocketOption.LevelSocket, SocketError, &error, &size) == 0 && error == Errno.NetworkDown)
        {
            DownCount++;
            IsGone = !PacketBinding.Exists(_fd, Name);
        }
    }
}
