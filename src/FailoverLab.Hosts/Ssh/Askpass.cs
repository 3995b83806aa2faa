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
    /// <param name="below">That directory.</param>
    /// <param name="names">Names by which ssh may ask for the host: its own and its address, both checked. A client for a host to go through inherits the program, and asks by another name.</param>
    /// <param name="password">Gives the password.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Askpass> OpenAsync(string below, IReadOnlyList<string> names, Func<string> password, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(Path.Combine(below, Path.GetRandomFileName())).FullName;
        var fifo = Path.Combine(directory, "fifo");
        using (var mkfifo = Process.Start(new ProcessStartInfo("mkfifo", ["-m", "600", fifo]))!)
        {
            await mkfifo.WaitForExitAsync(cancellationToken);
        }

        var program = Path.Combine(directory, "askpass");
        await File.WriteAllTextAsync(program, Text(names), cancellationToken);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        // Open for both, so that neither side waits for the other; what is written stays in the kernel until it is read.
        var stream = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(password().ReplaceLineEndings("") + "\n"), cancellationToken);
        return new Askpass(directory, stream);
    }

    /// <summary>
    /// The program. ssh asks for a password by <c>user@name's password: </c>, and where the server asks, by <c>(user@name) </c> before the server's words, which clients before 8.4
    /// leave out. Passphrases of keys, PINs and questions are not answered with a password.
    /// </summary>
    private static string Text(IReadOnlyList<string> names) =>
        $$"""
        #!/bin/sh
        case $1 in
          {{string.Join(" | ", names.Distinct().SelectMany(n => (string[])[$"*\"@{n}'s password: \"*", $"\"(\"*\"@{n}) \"*"]))}}) ;;
          *"'s password: "* | "("*"@"*") "* | *assphrase* | *PIN* | *"yes/no"*) exit 1 ;;
        esac
        IFS= read -r p <"${0%/*}/fifo" && printf '%s\n' "$p"

        """;

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
        if (Directory.Exists(_directory))
        {
            // Else the whole lab's went before.
            Directory.Delete(_directory, recursive: true);
        }
    }
}
