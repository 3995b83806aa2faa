using System.Diagnostics;

namespace FailoverLab.Hosts;

/// <summary>
/// Gives ssh a password without its standing in any argument, variable or file: ssh runs a small program of ours, which reads one line from
/// a FIFO that only this user may open.
/// </summary>
internal sealed class Askpass : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _fifo;

    private Askpass(string directory, FileStream fifo)
    {
        _directory = directory;
        _fifo = fifo;
    }

    /// <summary>Makes the program and leaves the password for it in the FIFO, below a directory that only this user may enter.</summary>
    public static async Task<Askpass> OpenAsync(string below, Func<string> password, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(Path.Combine(below, Path.GetRandomFileName())).FullName;
        var fifo = Path.Combine(directory, "fifo");
        using (var mkfifo = Process.Start(new ProcessStartInfo("mkfifo", ["-m", "600", fifo]))!)
        {
            await mkfifo.WaitForExitAsync(cancellationToken);
        }

        var program = Path.Combine(directory, "askpass");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nIFS= read -r p <\"${0%/*}/fifo\" && printf '%s\\n' \"$p\"\n", cancellationToken);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        // Open for both, so that neither side waits for the other; what is written stays in the kernel until it is read.
        var stream = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(password().ReplaceLineEndings("") + "\n"), cancellationToken);
        return new Askpass(directory, stream);
    }

    /// <summary>Has ssh ask the program, with or without a terminal.</summary>
    public void Prepare(ProcessStartInfo start)
    {
        start.Environment["SSH_ASKPASS"] = Path.Combine(_directory, "askpass");
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fifo.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
