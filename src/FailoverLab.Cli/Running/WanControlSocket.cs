using System.Net.Sockets;

namespace FailoverLab.Cli;

/// <summary>A unix socket at which <see cref="WanControl"/> is reached; for its owner alone, and gone with it.</summary>
internal sealed class WanControlSocket : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly string _path;
    private readonly CancellationTokenSource _ending = new();
    private Task _serving = Task.CompletedTask;

    private WanControlSocket(Socket listener, string path) => (_listener, _path) = (listener, path);

    /// <summary>Makes the socket. One that nobody listens at any more is taken away first.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It cannot be made there, or another program listens.</exception>
    public static WanControlSocket Open(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (File.Exists(path))
            {
                if (IsServed(path))
                {
                    throw new IOException($"another program listens at {path}");
                }

                File.Delete(path);
            }

            // Nobody can connect before it listens, and where there is a socket it does.
            var coming = path + ".new";
            File.Delete(coming);
            listener.Bind(new UnixDomainSocketEndPoint(coming));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(coming, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            listener.Listen();
            File.Move(coming, path);
            return new WanControlSocket(listener, path);
        }
        catch (Exception refusal) when (refusal is SocketException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            throw new IOException($"there can be no socket at {path}: {refusal.Message}", refusal);
        }
        catch (IOException)
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Serves whoever connects, from now on.</summary>
    public void Serve(WanControl control) => _serving = AcceptAsync(control);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        try
        {
            await _serving;
        }
        finally
        {
            _ending.Dispose();
            File.Delete(_path);
        }
    }

    private static bool IsServed(string path)
    {
        using var caller = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            caller.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task AcceptAsync(WanControl control)
    {
        var callers = new List<Task>();
        try
        {
            while (true)
            {
                callers.Add(ServeAsync(await _listener.AcceptAsync(_ending.Token), control));
                callers.RemoveAll(c => c.IsCompleted);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The links end.
        }

        await Task.WhenAll(callers);
    }

    private async Task ServeAsync(Socket caller, WanControl control)
    {
        try
        {
            await using var stream = new NetworkStream(caller, ownsSocket: true);
            using var input = new StreamReader(stream);
            await using var output = new StreamWriter(stream);
            await control.ServeAsync(input, output, _ending.Token);
        }
        catch (IOException)
        {
            // The caller left before it had heard everything.
        }
    }
}
