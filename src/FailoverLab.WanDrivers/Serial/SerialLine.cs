using System.Net.Sockets;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>Opens the serial line of a virtual machine: the unix socket its host has of it, or a terminal device.</summary>
public static class SerialLine
{
    /// <summary>Connects.</summary>
    /// <param name="path">Absolute path, <c>/var/run/qemu-server/100.serial0</c> or <c>/dev/pts/3</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Bytes both ways; the caller disposes of it. A line serves one at a time: whoever is second may wait or see nothing.</returns>
    /// <exception cref="StepHostException">The path is not absolute, is not there, or refuses.</exception>
    public static async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!path.StartsWith('/') || path.Any(char.IsControl))
        {
            throw new StepHostException($"serial line '{new string([.. path.Take(80).Where(c => !char.IsControl(c))])}': not an absolute path");
        }

        try
        {
            if ((File.GetAttributes(path) & FileAttributes.Directory) != 0)
            {
                throw new StepHostException($"serial line {path}: a directory");
            }

            // A terminal is opened as a file; what is neither a terminal nor a socket is not ours to write to.
            if (path.StartsWith("/dev/", StringComparison.Ordinal))
            {
                return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, useAsync: true);
            }

            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StepHostException($"serial line {path}: {failure.Message}; is the machine running, and has it a serial port with a socket?", failure);
        }
    }
}
