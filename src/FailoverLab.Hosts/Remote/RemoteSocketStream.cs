using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Hosts;

/// <summary>
/// A unix socket or a terminal of a host over SSH, as a stream: the serial line of a virtual machine from a laptop. The far shell becomes a program that
/// carries its bytes: <c>socat</c>, which every Proxmox VE host has, else <c>perl</c>, for a socket alone.
/// </summary>
public sealed class RemoteSocketStream : ForwardStream
{
    private const string Joining =
        """
        case $p in /dev/*) a=FILE:$p,raw,echo=0 ;; *) a=UNIX-CONNECT:$p ;; esac; if command -v socat >/dev/null 2>&1; then exec socat -t 1 - "$a"; fi; exec perl -e 'use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) && connect(S, sockaddr_un($ARGV[0])) || die "$!\n"; if ($c = fork) { while (sysread(STDIN, $b, 4096)) { syswrite(S, $b) } shutdown(S, 1); waitpid($c, 0) } else { while (sysread(S, $b, 4096)) { syswrite(STDOUT, $b) } kill "TERM", getppid }' "$p"
        """;

    private const string Fit =
        """
        [ -e "$1" ] || { echo 'it is not there; is the machine running, and has it a serial port with a socket?'; exit 1; }
        case $1 in /dev/*) ;; *) [ -S "$1" ] || { echo 'it is no socket'; exit 1; } ;; esac
        command -v socat >/dev/null 2>&1 && exit 0
        case $1 in /dev/*) ;; *) command -v perl >/dev/null 2>&1 && exit 0 ;; esac
        echo 'the host has no socat to carry its bytes; install it'
        exit 1
        """;

    private readonly SshShell _shell;
    private readonly RemoteProcess _process;
    private readonly string _path;
    private bool _isDisposed;

    private RemoteSocketStream(SshShell shell, RemoteProcess process, string path) => (_shell, _process, _path) = (shell, process, path);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Connects.</summary>
    /// <param name="shell">The host; disposed with the stream, and when this fails.</param>
    /// <param name="path">Absolute path there, of letters, digits and <c>. _ - + @ /</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">The path cannot be one, is not there, or the host has no program that carries its bytes.</exception>
    public static async Task<RemoteSocketStream> OpenAsync(SshShell shell, string path, CancellationToken cancellationToken)
    {
        RemoteProcess? process = null;
        try
        {
            if (!path.StartsWith('/') || !path.All(c => char.IsAsciiLetterOrDigit(c) || "._-+@/".Contains(c, StringComparison.Ordinal)))
            {
                throw new StepHostException($"host '{shell.Host}': '{SshFailureReader.Printable(path)}' cannot be the path of a serial line: absolute, of letters, digits and . _ - + @ /");
            }

            var fit = await shell.RunAsync(new ShellCommand("sh", "-c", Fit, "sh", path), cancellationToken);
            if (!fit.IsSuccess)
            {
                throw new StepHostException($"serial line {path} on host '{shell.Host}': {SshFailureReader.Printable(fit.Output.Trim())}");
            }

            process = await shell.OpenBulkAsync(cancellationToken);
            await process.Input.WriteAsync(Encoding.ASCII.GetBytes($"p='{path}'; {Joining}\n"), cancellationToken);
            await process.Input.FlushAsync(cancellationToken);
            return new RemoteSocketStream(shell, process, path);
        }
        catch (IOException broken)
        {
            process?.Kill();
            process?.Dispose();
            await shell.DisposeAsync();
            throw new StepHostException($"serial line {path} on host '{shell.Host}': {broken.Message}", broken);
        }
        catch
        {
            process?.Kill();
            process?.Dispose();
            await shell.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _process.Output.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && !_isDisposed && await EndOf(_process.Error) is { Length: > 0 } said)
        {
            throw new IOException($"serial line {_path} on host '{_shell.Host}': {SshFailureReader.Printable(said)}");
        }

        return read;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _process.Input.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _process.Input.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => _process.Input.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _process.Input.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _process.Kill();
            _process.Dispose();
            await _shell.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    /// <summary>The last line that the client or the far program printed, if it ends soon.</summary>
    private static async Task<string> EndOf(Task<string> error)
    {
        await Task.WhenAny(error, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        return error.IsCompletedSuccessfully ? error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "" : "";
    }
}
