using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Testing;

/// <summary>This machine's sshd on a port of the loopback.</summary>
public static class Sshd
{
    /// <summary>The server.</summary>
    public const string Program = "/usr/sbin/sshd";

    private const int MostTries = 1000;

    /// <summary>A port nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Makes a key without a passphrase.</summary>
    /// <param name="file">Where it is put, its public half beside it.</param>
    /// <exception cref="InvalidOperationException">It could not be made.</exception>
    public static async Task MakeKeyAsync(string file)
    {
        using var process = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ssh-keygen ended with {process.ExitCode}");
        }
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="config">Its configuration file.</param>
    /// <param name="port">The port that stands there.</param>
    /// <exception cref="InvalidOperationException">It does not listen.</exception>
    public static async Task<Process> StartAsync(string config, int port)
    {
        var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", config]) { RedirectStandardError = true })!;
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        for (var tries = 0; tries < MostTries; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return process;
            }
            catch (SocketException)
            {
                await Task.Delay(10);
            }
        }

        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException("sshd does not listen");
    }
}
