using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>
/// Puts a folder's entries on the disk. A file that was flushed is whole after a power cut, but only found again if the folder that names it was flushed too;
/// .NET opens no folders.
/// </summary>
public static class FolderFlush
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Waits until the disk has the entries of a folder as they are now.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LinuxException">There is none, it cannot be read, or the disk did not take it.</exception>
    public static void ToDisk(string path)
    {
        using var folder = Descriptor.Own(Libc.open(path, ReadOnlyCloseOnExec, 0), "open", path);
        if (Libc.fsync(folder.Number) != 0 && Marshal.GetLastPInvokeError() is var errno and not (Errno.Invalid or Errno.NotSupported))
        {
            throw new LinuxException("fsync", path, errno);
        }

        // A file system that cannot flush folders (some network and user-space ones) says so and is left to its own order.
    }
}
