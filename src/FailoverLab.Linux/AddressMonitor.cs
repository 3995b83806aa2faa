using System.Net;

namespace FailoverLab.Linux;

/// <summary>
/// Hears from the kernel when an interface of the namespace gets or loses an address (rtnetlink, RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR):
/// a DHCP lease that ends, a router advertisement, a person. Belongs to the network namespace of the opening thread. One thread at a time.
/// </summary>
public sealed class AddressMonitor : IPollable, IDisposable
{
    private const uint AddressGroups = 0x10 | 0x100;
    private const int AddressInfoSize = 8;
    private const ushort NewAddress = 20;
    private const ushort DeleteAddress = 21;
    private const ushort GetAddress = 22;
    private const ushort AttributeAddress = 1;
    private const ushort AttributeLocal = 2;
    private const ushort AttributeFlags = 8;

    // IFA_F_DADFAILED and IFA_F_TENTATIVE; an optimistic address (IFA_F_OPTIMISTIC) may be used while it is checked.
    private const uint FlagFailed = 0x08;
    private const uint FlagTentative = 0x40;
    private const uint FlagOptimistic = 0x04;
    private readonly NetlinkSocket _socket;

    private AddressMonitor(NetlinkSocket socket) => _socket = socket;

    /// <inheritdoc/>
    public int Descriptor => _socket.Descriptor;

    /// <summary>How often the kernel had to drop announcements; after a rise, <see cref="AskAll"/>.</summary>
    public int Overruns => _socket.Overruns;

    /// <summary>Starts listening, and asks for the addresses there are.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static AddressMonitor Open()
    {
        var monitor = new AddressMonitor(NetlinkSocket.Open(AddressGroups));
        monitor.AskAll();
        return monitor;
    }

    /// <summary>Asks for all addresses; they come as if they were new.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void AskAll() => _socket.Ask(GetAddress, AddressInfoSize);

    /// <summary>Takes one waiting announcement.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(out AddressEvent change) => _socket.TryRead<AddressEvent>(TryParse, out change);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Reads one netlink message: <c>nlmsghdr</c>, <c>ifaddrmsg</c>, attributes.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> message, out AddressEvent change)
    {
        change = default;
        var type = BitConverter.ToUInt16(message[4..]);
        if (type is not (NewAddress or DeleteAddress) || message.Length < NetlinkSocket.HeaderSize + AddressInfoSize)
        {
            return false;
        }

        uint flags = message[NetlinkSocket.HeaderSize + 2];
        var index = BitConverter.ToInt32(message[(NetlinkSocket.HeaderSize + 4)..]);
        var attributes = message[(NetlinkSocket.HeaderSize + AddressInfoSize)..];
        IPAddress? local = null;
        IPAddress? address = null;
        while (NetlinkSocket.TryTake(ref attributes, out var attribute, out var value))
        {
            switch (attribute)
            {
                case AttributeLocal when value.Length is 4 or 16:
                    local = new IPAddress(value);
                    break;
                case AttributeAddress when value.Length is 4 or 16:
                    address = new IPAddress(value);
                    break;
                case AttributeFlags when value.Length == sizeof(uint):
                    flags = BitConverter.ToUInt32(value);
                    break;
                default:
                    break;
            }
        }

        // On a point-to-point link IFA_ADDRESS is the far end's; ours is IFA_LOCAL, which IPv6 leaves out.
        if ((local ?? address) is not { } ours)
        {
            return false;
        }

        var isChecked = (flags & FlagFailed) == 0 && ((flags & FlagTentative) == 0 || (flags & FlagOptimistic) != 0);
        change = new AddressEvent(index, ours, type == NewAddress && isChecked);
        return true;
    }
}
