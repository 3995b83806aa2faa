using System.Text;

namespace FailoverLab.Linux;

/// <summary>
/// Hears from the kernel when an interface of the namespace goes up, down, loses its carrier or vanishes (rtnetlink, RTMGRP_LINK).
/// Belongs to the network namespace of the opening thread. One thread at a time.
/// </summary>
/// <remarks>
/// The kernel tells carrier changes of a veth at once only when its ends have different interface indices; with equal ones (possible
/// across namespaces) it may hold them back for up to a second.
/// </remarks>
public sealed class LinkMonitor : IPollable, IDisposable
{
    private const uint LinkGroup = 0x1;
    private const int InterfaceInfoSize = 16;
    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const ushort AttributeName = 3;
    private const uint FlagUp = 0x1;
    private const uint FlagLowerUp = 0x10000;
    private readonly NetlinkSocket _socket;

    private LinkMonitor(NetlinkSocket socket) => _socket = socket;

    /// <inheritdoc/>
    public int Descriptor => _socket.Descriptor;

    /// <summary>How often the kernel had to drop announcements; after a rise, ask <see cref="InterfaceControl"/> for the present state.</summary>
    public int Overruns => _socket.Overruns;

    /// <summary>Starts listening; what happened before is not told.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static LinkMonitor Open() => new(NetlinkSocket.Open(LinkGroup));

    /// <summary>Takes one waiting announcement.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(out LinkEvent change) => _socket.TryRead<LinkEvent>(TryParse, out change);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Reads one netlink message: <c>nlmsghdr</c>, <c>ifinfomsg</c>, attributes.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> message, out LinkEvent change)
    {
        change = default;
        var type = BitConverter.ToUInt16(message[4..]);
        if (type is not (NewLink or DeleteLink) || message.Length < NetlinkSocket.HeaderSize + InterfaceInfoSize)
        {
            return false;
        }

        var flags = BitConverter.ToUInt32(message[(NetlinkSocket.HeaderSize + 8)..]);
        var attributes = message[(NetlinkSocket.HeaderSize + InterfaceInfoSize)..];
        while (NetlinkSocket.TryTake(ref attributes, out var attribute, out var value))
        {
            if (attribute == AttributeName)
            {
                var isGone = type == DeleteLink;
                change = new LinkEvent(Encoding.UTF8.GetString(value.TrimEnd((byte)0)), !isGone && (flags & FlagUp) != 0, !isGone && (flags & FlagLowerUp) != 0, isGone);
                return true;
            }
        }

        return false;
    }
}
