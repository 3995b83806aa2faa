using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// Frames as the kernel writes them into shared memory, one slot each (TPACKET_V2): no system call to receive one, and it is seen at once.
/// Version 3 hands over whole blocks on a timer of the kernel's ticks, which is too late for forwarding.
/// </summary>
internal sealed unsafe class ReceiveRing : IDisposable
{
    private const int VersionTwo = 1;
    private const int BlockSize = 64 << 10;
    private const int LargestFrame = 65_535 + 32;
    private const int VlanTagSize = 4;
    private const int AddressesSize = 12;

    // The header, the address behind it, the link header's room and what is reserved, each rounded up.
    private const int HeadRoom = 96;
    private readonly int _fd;
    private readonly byte* _memory;
    private readonly byte[]? _whole;
    private readonly nuint _size;
    private readonly int _frameSize;
    private readonly int _frameCount;
    private int _next;
    private FastRingFrame* _held;

    /// <summary>Sets the socket's ring up; before it is bound.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="name">Its interface, for messages.</param>
    /// <param name="frameBytes">Longest frame of the wire.</param>
    /// <param name="ringBytes">Memory for all.</param>
    /// <param name="trains">Whether uncut segments are taken too: the kernel leaves a frame that is longer than a slot in the socket's queue.</param>
    /// <exception cref="LinuxException">The kernel has no memory for it.</exception>
    internal ReceiveRing(int fd, string name, int frameBytes, int ringBytes, bool trains)
    {
        _fd = fd;
        const int ReadWrite = 3;
        const int Shared = 1;
        const uint RequestSize = 16;
        SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.Version, VersionTwo, name);
        SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.Reserve, VlanTagSize, name);
        if (trains)
        {
            SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.OffloadHeaders, 1, name);
            SocketOption.Set(fd, SocketOption.LevelPacket, PacketBinding.CopyThreshold, 1, name);
            _whole = GC.AllocateUninitializedArray<byte>(VlanTagSize + OffloadHeader.Size + LargestFrame, pinned: true);
        }

        _frameSize = (int)BitOperations.RoundUpToPowerOf2((uint)(frameBytes + HeadRoom));
        var blockSize = Math.Max(BlockSize, _frameSize);
        var blocks = Math.Max(2, ringBytes / blockSize);
        _frameCount = blocks * (blockSize / _frameSize);
        _size = (nuint)blocks * (nuint)blockSize;
        var request = new RingRequest { BlockSize = (uint)blockSize, BlockCount = (uint)blocks, FrameSize = (uint)_frameSize, FrameCount = (uint)_frameCount };
        if (Libc.setsockopt(fd, SocketOption.LevelPacket, PacketBinding.RxRing, &request, RequestSize) != 0)
        {
            throw new LinuxException("setsockopt(PACKET_RX_RING)", $"{name}, {blocks} blocks", Marshal.GetLastPInvokeError());
        }

        _memory = (byte*)Libc.mmap(null, _size, ReadWrite, Shared, fd, 0);
        if (_memory == (byte*)-1)
        {
            throw new LinuxException("mmap", $"receive ring of {name}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Whether a frame waits; costs one look at memory.</summary>
    internal bool HasWaiting => (Volatile.Read(ref At(_next)->Status) & FastRingFrame.OwnedByUser) != 0;

    /// <summary>Takes the next frame; the one before goes back to the kernel.</summary>
    /// <param name="frame">What was kept of it, with its VLAN tag; valid until the next call.</param>
    /// <param name="stampNs">CLOCK_REALTIME ns.</param>
    /// <param name="isWhole">Whether it fitted its slot, or came uncut.</param>
    /// <param name="needsChecksum">Whether its sender left the checksum to a card it never saw.</param>
    /// <param name="offload">How its sender meant it to be cut; only where trains are taken.</param>
    internal bool TryTake(out Span<byte> frame, out long stampNs, out bool isWhole, out bool needsChecksum, out OffloadHeader offload)
    {
        offload = default;
        if (_held is not null)
        {
            Volatile.Write(ref _held->Status, FastRingFrame.OwnedByKernel);
            _held = null;
        }

        var header = At(_next);
        var status = Volatile.Read(ref header->Status);
        if ((status & FastRingFrame.OwnedByUser) == 0)
        {
            frame = default;
            (stampNs, isWhole, needsChecksum) = (0, false, false);
            return false;
        }

        _held = header;
        _next = _next + 1 == _frameCount ? 0 : _next + 1;
        var data = (byte*)header + header->LinkHeaderOffset;
        var length = (int)header->CapturedLength;
        isWhole = header->CapturedLength == header->WireLength;
        if (_whole is not null)
        {
            if ((status & FastRingFrame.IsInQueue) != 0)
            {
                data = TakeFromQueue(out length);
                isWhole = length == (int)header->WireLength;
            }

            offload = OffloadHeader.Read(new ReadOnlySpan<byte>(data - OffloadHeader.Size, OffloadHeader.Size));
        }

        frame = new Span<byte>(data, length);
        if ((status & FastRingFrame.HasVlanTag) != 0 && length >= AddressesSize)
        {
            frame = PutTagBack(data, length, header, status);
        }

        stampNs = (header->Seconds * 1_000_000_000L) + header->Nanoseconds;
        needsChecksum = (status & FastRingFrame.ChecksumNotReady) != 0;
        return true;
    }

    public void Dispose() => _ = Libc.munmap(_memory, _size);

    /// <summary>The kernel took the tag out of the frame; it goes behind the addresses, which move into the room reserved for it.</summary>
    private static Span<byte> PutTagBack(byte* data, int length, FastRingFrame* header, uint status)
    {
        var frame = new Span<byte>(data - VlanTagSize, length + VlanTagSize);
        frame.Slice(VlanTagSize, AddressesSize).CopyTo(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame[AddressesSize..], (status & FastRingFrame.HasVlanProtocol) != 0 ? header->VlanProtocol : (ushort)0x8100);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(AddressesSize + 2)..], header->VlanTag);
        return frame;
    }

    /// <summary>Takes the frame that the held slot was too short for; frames are queued in the order of their slots.</summary>
    private byte* TakeFromQueue(out int length)
    {
        var data = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_whole!, VlanTagSize);
        var received = Libc.recvfrom(_fd, data, (nuint)(_whole!.Length - VlanTagSize), 0, null, null);
        length = Math.Max(0, (int)received - OffloadHeader.Size);
        return data + OffloadHeader.Size;
    }

    private FastRingFrame* At(int index) => (FastRingFrame*)(_memory + ((nint)index * _frameSize));
}
