using System.Globalization;
using System.Net.Sockets;

namespace FailoverLab.Proxmox;

/// <summary>A machine's serial port on the PVE host itself: a socket in the file system, for root there. One reader at a time.</summary>
public static class SerialSocket
{
    /// <summary>Where PVE puts these sockets.</summary>
    public const string Folder = "/var/run/qemu-server";

    /// <summary>The socket of a serial port.</summary>
    /// <param name="vmid">The machine's number.</param>
    /// <param name="port">0 to 3.</param>
    /// <param name="folder">Another folder than PVE's.</param>
    public static string PathOf(int vmid, int port, string folder = Folder) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{vmid}.serial{port}"));

    /// <summary>Opens a serial port.</summary>
    /// <param name="path">Its socket, see <see cref="PathOf"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is typed is written, what is shown is read; owned by the caller.</returns>
    /// <exception cref="PveException">It cannot be opened.</exception>
    public static async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception refusal) when (refusal is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new PveException(
                PveFault.Unreachable, $"the serial port '{path}' cannot be opened: {refusal.Message}",
                "is this the PVE host, does the machine run, has it `serial0: socket`, and is nobody else on it?");
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }
}
