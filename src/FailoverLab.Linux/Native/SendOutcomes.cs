using FailoverLab.Dataplane;

namespace FailoverLab.Linux;

/// <summary>What an error number of a sending call means for the packet.</summary>
internal static class SendOutcomes
{
    internal static SendOutcome FromErrno(int errno) => errno switch
    {
        Errno.Again or Errno.NoBuffers => SendOutcome.QueueFull,
        Errno.MessageTooLong => SendOutcome.TooLong,

        // A TUN device that is down answers EIO; a vanished interface ENODEV, ENXIO or EBADFD; a lost source address EADDRNOTAVAIL.
        Errno.NetworkDown or Errno.NetworkUnreachable or Errno.HostUnreachable or Errno.AddressNotAvailable
            or Errno.InputOutput or Errno.NoDevice or Errno.NoDeviceOrAddress or Errno.BadDescriptorState => SendOutcome.Unreachable,
        _ => SendOutcome.Failed,
    };
}
