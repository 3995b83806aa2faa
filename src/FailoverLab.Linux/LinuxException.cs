using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>The kernel refused something that was asked of it. The message says what, of which object, why, and what to do.</summary>
public sealed class LinuxException : IOException
{
    /// <summary>Makes the exception of a failed call.</summary>
    /// <param name="call">System call, with its request where that matters: <c>ioctl(TUNSETIFF)</c>.</param>
    /// <param name="subject">What the call was made on: an interface, path, address or process.</param>
    /// <param name="errno">Error number the call left.</param>
    public LinuxException(string call, string subject, int errno)
        : base($"{call} {subject}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}){Advice(errno)}")
    {
        Call = call;
        Subject = subject;
        Errno = errno;
    }

    /// <summary>Makes the exception of a tool of the system that did not do what was asked.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="complaint">What it said, and about what.</param>
    public LinuxException(string tool, string complaint)
        : base($"{tool}: {complaint}")
    {
        Call = tool;
        Subject = complaint;
    }

    /// <summary>The system call or tool that failed.</summary>
    public string Call { get; }

    /// <summary>What it was made on.</summary>
    public string Subject { get; }

    /// <summary>Linux error number; 0 where a tool failed.</summary>
    public int Errno { get; }

    private static string Advice(int errno) => errno switch
    {
        Linux.Errno.NotPermitted or Linux.Errno.AccessDenied =>
            ". Run as root, or where unprivileged user namespaces are allowed (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces)",
        Linux.Errno.NoDevice or Linux.Errno.NoDeviceOrAddress => ". No such interface in this network namespace: see `ip link`",
        Linux.Errno.Busy => ". Something else holds it; choose another name or end the holder",
        Linux.Errno.AddressInUse => ". Another socket has this address and port: see `ss -ulpn`",
        Linux.Errno.AddressNotAvailable => ". No interface in this network namespace has this address: see `ip address`",
        Linux.Errno.NetworkDown => ". The interface is down: `ip link set NAME up`",
        Linux.Errno.TooManyFiles => ". Raise the limit: `ulimit -n 4096`",
        Linux.Errno.NotSupported => ". This kernel or driver does not offer it",
        _ => "",
    };
}
