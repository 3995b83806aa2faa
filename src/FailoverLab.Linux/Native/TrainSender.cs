using System.Runtime.InteropServices;
using System.Text;
using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>
/// Sends what is longer than the MTU by an interface, for the kernel to cut: an AF_PACKET socket that receives nothing, with
/// <c>PACKET_VNET_HDR</c>. It goes the way of all packets, because the short way drops what the card cannot cut; so there is none for an interface
/// with a queue, where others would be overtaken.
/// </summary>
internal sealed unsafe class TrainSender : IDisposable
{
    private const int InterfaceInfoSize = 16;
    private const ushort GetLink = 18;
    private const ushort NewLink = 16;
    private const ushort AttributeName = 3;
    private const ushort AttributeQueue = 6;
    private readonly Descriptor _handle;

    private TrainSender(Descriptor handle) => _handle = handle;

    /// <summary>Opens one in the calling thread's network namespace.</summary>
    /// <returns><see langword="null"/> for an interface with a queue.</returns>
    /// <exception cref="LinuxException">No such interface, or not allowed.</exception>
    internal static TrainSender? Open(string name, int bufferBytes)
    {
        if (!IsWithoutQueue(name))
        {
            return null;
        }

        var handle = PacketBinding.Open(name);
        try
        {
            SocketOption.Set(handle.Number, SocketOption.LevelPacket, PacketBinding.OffloadHeaders, 1, name);
            SocketOption.SetBuffers(handle.Number, bufferBytes);
            PacketBinding.Bind(handle.Number, name, protocol: 0);
            return new TrainSender(handle);
        }
        catch (LinuxException)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Sends a frame.</summary>
    /// <param name="frame">All headers and the whole payload.</param>
    /// <param name="offload">How to cut it.</param>
    /// <returns>Whether the kernel took it.</returns>
    internal bool TrySend(ReadOnlySpan<byte> frame, in OffloadHeader offload)
    {
        var header = stackalloc byte[OffloadHeader.Size];
        offload.Write(new Span<byte>(header, OffloadHeader.Size));
        fixed (byte* data = frame)
        {
            var vectors = stackalloc IoVector[2];
            vectors[0] = new IoVector { Base = header, Length = OffloadHeader.Size };
            vectors[1] = new IoVector { Base = data, Length = (nuint)frame.Length };
            var message = new MessageHeader { Vectors = vectors, VectorCount = 2 };
            while (Libc.sendmsg(_handle.Number, &message, 0) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static bool IsWithoutQueue(string name)
    {
        using var socket = NetlinkSocket.Open(groups: 0);
        socket.Ask(GetLink, InterfaceInfoSize);
        while (socket.TryRead<(string Name, string Queue)>(TryParse, out var link))
        {
            if (link.Name == name)
            {
                return link.Queue == "noqueue";
            }
        }

        return false;
    }

    private static bool TryParse(ReadOnlySpan<byte> message, out (string Name, string Queue) link)
    {
        link = ("", "");
        if (BitConverter.ToUInt16(message[4..]) != NewLink || message.Length < NetlinkSocket.HeaderSize + InterfaceInfoSize)
        {
            return false;
        }

        var attributes = message[(NetlinkSocket.HeaderSize + InterfaceInfoSize)..];
        while (NetlinkSocket.TryTake(ref attributes, out var attribute, out var value))
        {
            link = attribute switch
            {
                AttributeName => link with { Name = Encoding.UTF8.GetString(value.TrimEnd((byte)0)) },
                AttributeQueue => link with { Queue = Encoding.UTF8.GetString(value.TrimEnd((byte)0)) },
                _ => link,
            };
        }

        return true;
    }
}
