using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>Opens the TUN driver and makes an interface.</summary>
internal static unsafe class TunOpening
{
    internal const short Tun = 0x0001;
    internal const short WithoutPrefix = 0x1000;
    internal const short WithOffloadHeader = 0x4000;
    private const string ControlPath = "/dev/net/tun";
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const nuint SetInterface = 0x400454CA;

    /// <exception cref="LinuxException">No TUN driver, not allowed, or the name is taken.</exception>
    internal static Descriptor Open(string name, short flags, out string given)
    {
        var opened = Libc.open(ControlPath, ReadWrite | NonBlocking | CloseOnExec, 0);
        if (opened < 0 && Marshal.GetLastPInvokeError() is Errno.NoEntry or Errno.NoDevice or Errno.NoDeviceOrAddress)
        {
            throw new LinuxException("open", $"{ControlPath} (no TUN driver here; `modprobe tun`, or give the container this device)", Marshal.GetLastPInvokeError());
        }

        var handle = Descriptor.Own(opened, "open", ControlPath);
        var request = InterfaceRequest.For(name);
        request.Flags = flags;
        if (Libc.ioctl(handle.Number, SetInterface, &request) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new LinuxException("ioctl(TUNSETIFF)", name, errno);
        }

        given = request.ReadName();
        return handle;
    }
}
