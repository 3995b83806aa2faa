using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>
/// Reads and changes network interfaces of the calling thread's network namespace, some microseconds a call.
/// Every method throws <see cref="LinuxException"/> when there is no such interface or this process may not change it.
/// </summary>
public static unsafe class InterfaceControl
{
    private const nuint GetFlags = 0x8913;
    private const nuint SetFlags = 0x8914;
    private const nuint SetMtuRequest = 0x8922;
    private const nuint GetHardwareAddress = 0x8927;
    private const nuint GetIndexRequest = 0x8933;
    private const nuint Ethtool = 0x8946;
    private const uint EthtoolGetLink = 0x0A;
    private const short FlagUp = 0x1;
    private const short FlagRunning = 0x40;

    /// <summary>Takes the interface up.</summary>
    public static void SetUp(string name) => ChangeUp(name, isUp: true);

    /// <summary>Takes the interface down; the peer of a veth loses its carrier.</summary>
    public static void SetDown(string name) => ChangeUp(name, isUp: false);

    /// <summary>Whether the interface is administratively up.</summary>
    public static bool IsUp(string name) => (Ask(GetFlags, "SIOCGIFFLAGS", name).Flags & FlagUp) != 0;

    /// <summary>Whether the interface is up and its far end too.</summary>
    public static bool HasCarrier(string name)
    {
        EthtoolValue value = new() { Command = EthtoolGetLink };
        return TryEthtool(name, &value) ? value.Data != 0 : (Ask(GetFlags, "SIOCGIFFLAGS", name).Flags & FlagRunning) != 0;
    }

    /// <summary>Interface index in this namespace, from 1.</summary>
    public static int GetIndex(string name) => Ask(GetIndexRequest, "SIOCGIFINDEX", name).Number;

    /// <summary>Interface index in this namespace; 0 when there is no such interface.</summary>
    public static int FindIndex(string name)
    {
        var argument = InterfaceRequest.For(name);
        return Call(GetIndexRequest, ref argument) == 0 ? argument.Number : 0;
    }

    /// <summary>Hardware address, 6 bytes; zero for an interface without one.</summary>
    public static PhysicalAddress GetMac(string name)
    {
        var request = Ask(GetHardwareAddress, "SIOCGIFHWADDR", name);
        return new PhysicalAddress(new ReadOnlySpan<byte>(request.HardwareAddress, 6).ToArray());
    }

    /// <summary>Sets the largest IP packet, bytes; 68 at least, 1280 at least where IPv6 is used.</summary>
    public static void SetMtu(string name, int mtu)
    {
        var request = InterfaceRequest.For(name);
        request.Number = mtu;
        Control(SetMtuRequest, "SIOCSIFMTU", name, ref request);
    }

    /// <summary>
    /// Turns off checksum, scatter-gather, segmentation and receive merging offloads, so that what AF_PACKET takes from the interface is
    /// what a wire would carry: whole checksums, no packet above the MTU. What the driver has not is passed over.
    /// </summary>
    /// <returns>What was on before, for <see cref="RestoreOffloads"/>.</returns>
    public static OffloadState DisableOffloads(string name)
    {
        // ETHTOOL_STSO, SGSO, SGRO, SSG, SRXCSUM, STXCSUM: dependants first. The number before each asks for its state.
        var wereOn = new List<uint>();
        foreach (var command in (ReadOnlySpan<uint>)[0x1F, 0x24, 0x2C, 0x19, 0x15, 0x17])
        {
            EthtoolValue before = new() { Command = command - 1 };
            if (TryEthtool(name, &before) && before.Data != 0)
            {
                wereOn.Add(command);
            }

            EthtoolValue value = new() { Command = command };
            TryEthtool(name, &value);
        }

        return new OffloadState(name, wereOn);
    }

    /// <summary>Turns on again what <see cref="DisableOffloads"/> turned off.</summary>
    public static void RestoreOffloads(OffloadState before)
    {
        foreach (var command in before.WereOn.Reverse())
        {
            EthtoolValue value = new() { Command = command, Data = 1 };
            TryEthtool(before.Name, &value);
        }
    }

    private static void ChangeUp(string name, bool isUp)
    {
        var request = Ask(GetFlags, "SIOCGIFFLAGS", name);
        request.Flags = (short)(isUp ? request.Flags | FlagUp : request.Flags & ~FlagUp);
        Control(SetFlags, "SIOCSIFFLAGS", name, ref request);
    }

    private static InterfaceRequest Ask(nuint request, string requestName, string name)
    {
        var argument = InterfaceRequest.For(name);
        Control(request, requestName, name, ref argument);
        return argument;
    }

    private static void Control(nuint request, string requestName, string name, ref InterfaceRequest argument)
    {
        var errno = Call(request, ref argument);
        if (errno != 0)
        {
            throw new LinuxException($"ioctl({requestName})", name, errno);
        }
    }

    private static bool TryEthtool(string name, EthtoolValue* value)
    {
        var request = InterfaceRequest.For(name);
        request.Pointer = (nint)value;
        return Call(Ethtool, ref request) switch
        {
            0 => true,
            Errno.NotSupported or Errno.Invalid => false,
            var errno => throw new LinuxException("ioctl(SIOCETHTOOL)", name, errno),
        };
    }

    private static int Call(nuint request, ref InterfaceRequest argument)
    {
        const int DatagramCloseOnExec = 0x80002;
        using var socket = Descriptor.Own(Libc.socket(SocketAddressBytes.FamilyIPv4, DatagramCloseOnExec, 0), "socket", "interface control");
        fixed (InterfaceRequest* pointer = &argument)
        {
            return Libc.ioctl(socket.Number, request, pointer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    private struct EthtoolValue
    {
        public uint Command;
        public uint Data;
    }
}
