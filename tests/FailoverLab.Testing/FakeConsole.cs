using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Testing;

/// <summary>
/// A virtual machine's serial console on a real unix socket: login with user and password, then a real shell whose programs are the test's. Output comes
/// in seeded pieces; kernel messages and, when asked, damaged bytes stand between them.
/// </summary>
public sealed class FakeConsole : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _ending = new();
    private readonly SeededRandom _random;
    private readonly Task _serving;
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Listens on its socket.</summary>
    /// <param name="seed">Of pieces and noise.</param>
    public FakeConsole(ulong seed)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("fl-console").FullName;
        Path = System.IO.Path.Combine(Directory, "100.serial0");
        _random = new SeededRandom(seed);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(1);
        _serving = ServeAsync();
    }

    /// <summary>Folder of the machine behind the line; goes with it.</summary>
    public string Directory { get; }

    /// <summary>The socket.</summary>
    public string Path { get; }

    /// <summary>Chance of a kernel message after a piece of output.</summary>
    public double Messages { get; init; }

    /// <summary>Chance that a byte towards the user is changed.</summary>
    public double Damage { get; init; }

    /// <summary>Whether the first question is asked without any question mark: noise ate it.</summary>
    public bool EatsFirstPrompt { get; init; }

    /// <summary>The only password it takes, of user root.</summary>
    public string Password { get; init; } = "s3cret";

    /// <summary>How often somebody has logged in.</summary>
    public int Logins { get; private set; }

    /// <summary>Hangs up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _serving;
        _ending.Dispose();
        _writing.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var line = await _listener.AcceptAsync(_ending.Token);
                await using var stream = new NetworkStream(line);
                try
                {
                    await TalkAsync(stream);
                }
                catch (IOException)
                {
                    // Hung up; the next may come.
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The test is over, or the user hung up.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        // Whoever connects sees nothing before the end of a line; after a logout the question comes by itself.
        var asked = 0;
        await LineAsync(stream, isEchoed: false);
        while (true)
        {
            while (true)
            {
                await SayAsync(stream, EatsFirstPrompt && asked++ == 0 ? "\r\nwanulator lo@in: " : "\r\nUbuntu 18.04 wanulator ttyS0\r\n\r\nwanulator login: ");
                var user = await LineAsync(stream, isEchoed: true);
                if (user.Length == 0)
                {
                    continue;
                }

                await SayAsync(stream, "Password: ");
                if (user == "root" && await LineAsync(stream, isEchoed: false) == Password)
                {
                    break;
                }

                await SayAsync(stream, "\r\nLogin incorrect\r\n");
            }

            Logins++;
            await SayAsync(stream, "\r\nLast login: Tue Feb 17 10:00:00 2026 on ttyS0\r\n\x1b[01;32mroot@wanulator\x1b[00m:~# ");
            await ShellAsync(stream);
        }
    }

    private async Task ShellAsync(NetworkStream stream)
    {
        var start = new ProcessStartInfo("/bin/sh", "-i") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Directory };
        start.Environment["PS1"] = "# ";
        start.Environment["HOME"] = Directory;
        using var shell = Process.Start(start)!;
        try
        {
            var output = CopyAsync(shell.StandardOutput.BaseStream, stream);
            var error = CopyAsync(shell.StandardError.BaseStream, stream);
            var isEchoed = true;
            while (!shell.HasExited)
            {
                var text = await LineAsync(stream, isEchoed);
                isEchoed &= !text.Contains("stty -echo", StringComparison.Ordinal);
                await shell.StandardInput.WriteAsync(text + "\n");
                await shell.StandardInput.FlushAsync();
                if (text == "exit")
                {
                    break;
                }
            }

            await Task.WhenAll(output, error);
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    private async Task CopyAsync(Stream from, NetworkStream to)
    {
        var buffer = new byte[512];
        for (int read; (read = await from.ReadAsync(buffer)) > 0;)
        {
            await SayAsync(to, Encoding.UTF8.GetString(buffer, 0, read).Replace("\n", "\r\n", StringComparison.Ordinal));
        }
    }

    private async Task SayAsync(NetworkStream stream, string text)
    {
        await _writing.WaitAsync();
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var start = 0; start < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - start, 1 + (int)(_random.NextDouble() * 40));
                var piece = bytes.AsMemory(start, length).ToArray();
                for (var i = 0; i < piece.Length; i++)
                {
                    piece[i] ^= (byte)(_random.NextDouble() < Damage ? 1 : 0);
                }

                await stream.WriteAsync(piece, _ending.Token);
                start += length;
            }

            if (_random.NextDouble() < Messages)
            {
                await stream.WriteAsync("\r\n[  123.456789] e1000: ens18 NIC Link is Up\r\n"u8.ToArray(), _ending.Token);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>One line as typed; Ctrl-C empties it.</summary>
    private async Task<string> LineAsync(NetworkStream stream, bool isEchoed)
    {
        var (line, one) = (new StringBuilder(), new byte[1]);
        while (await stream.ReadAsync(one, _ending.Token) > 0)
        {
            if (one[0] == 3)
            {
                line.Clear();
                continue;
            }

            if (one[0] is (byte)'\n' or (byte)'\r')
            {
                if (isEchoed)
                {
                    await SayAsync(stream, line + "\r\n");
                }

                return line.ToString();
            }

            line.Append((char)one[0]);
        }

        throw new IOException("hung up");
    }
}
