using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>Mounts inside a private mount namespace; never call it in the machine's own.</summary>
public static class PrivateMounts
{
    private const ulong NoSuid = 2;
    private const ulong NoDev = 4;

    /// <summary>Covers a directory with an empty memory file system that ends with the mount namespace.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void CoverWithTmpfs(string directory)
    {
        if (Libc.mount("tmpfs", directory, "tmpfs", NoSuid | NoDev, "mode=0755,size=16m") != 0)
        {
            throw new LinuxException("mount", directory, Marshal.GetLastPInvokeError());
        }
    }
}
