using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>
/// Memory of one <c>recvmmsg</c> or <c>sendmmsg</c> call: a row of messages, each with a slot for its bytes and one for its control data.
/// The addresses never change, so the kernel may be handed them again and again.
/// </summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    internal const int Capacity = 64;
    private const int ControlSize = 64;
    private const int Alignment = 64;
    private readonly byte* _memory;
    private readonly int _slotSize;

    internal MessageBatch(int slotSize)
    {
        _slotSize = (slotSize + Alignment - 1) & ~(Alignment - 1);
        var perMessage = sizeof(MessageHeader) + sizeof(IoVector) + ControlSize + _slotSize;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(Capacity * perMessage), Alignment);
        NativeMemory.Clear(_memory, (nuint)(Capacity * perMessage));
        Headers = (MessageHeader*)_memory;
        var vectors = (IoVector*)(Headers + Capacity);
        var control = (byte*)(vectors + Capacity);
        var slots = control + (Capacity * ControlSize);
        for (var i = 0; i < Capacity; i++)
        {
            vectors[i] = new IoVector { Base = slots + (i * _slotSize), Length = (nuint)_slotSize };
            Headers[i].Vectors = vectors + i;
            Headers[i].VectorCount = 1;
            Headers[i].Control = control + (i * ControlSize);
        }
    }

    internal MessageHeader* Headers { get; }

    /// <summary>The whole slot of a message.</summary>
    internal Span<byte> Slot(int index) => new(Headers[index].Vectors->Base, _slotSize);

    /// <summary>Makes every message ready to receive: control data and flags are overwritten by each call.</summary>
    internal void PrepareReceive()
    {
        for (var i = 0; i < Capacity; i++)
        {
            Headers[i].ControlLength = ControlSize;
            Headers[i].Flags = 0;
        }
    }

    /// <summary>Copies a packet into a message's slot for sending.</summary>
    internal void PutForSending(int index, ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(Slot(index));
        Headers[index].Vectors->Length = (nuint)packet.Length;
        Headers[index].ControlLength = 0;
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
