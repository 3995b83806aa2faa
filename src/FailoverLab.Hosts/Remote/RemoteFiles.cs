using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Hosts;

/// <summary>
/// Files to and from a host: over a connection of their own, so that no timed step waits for them; under a temporary name until their checksum
/// is right; taken up where they broke off. sshd answers for a host whose program hangs, so a connection over which nothing moves is as one that broke.
/// </summary>
/// <param name="shell">The host.</param>
public sealed class RemoteFiles(SshShell shell)
{
    private const string PartSuffix = ".flpart";
    private const int Tries = 3;
    private const int Part = 64 * 1024;
    private static readonly TimeSpan ChecksumTime = TimeSpan.FromMinutes(10);

    /// <summary>How long nothing may move, the login included.</summary>
    internal TimeSpan Patience { get; init; } = shell.Patience;

    /// <summary>Brings a file here.</summary>
    /// <param name="remotePath">Path on the host.</param>
    /// <param name="localPath">Where it goes; written only when whole.</param>
    /// <param name="mostBytes">One that is larger is refused: its size is the host's word, and it shall not fill the disk here.</param>
    /// <param name="cancellationToken">Gives up; what came is kept beside it for the next try.</param>
    /// <exception cref="StepFailedException">It is not there, is too large, or what came is not what is there.</exception>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public async Task FetchAsync(string remotePath, string localPath, long mostBytes, CancellationToken cancellationToken)
    {
        var part = localPath + PartSuffix;
        var (size, sum) = await DescribeAsync(remotePath, cancellationToken)
            ?? throw new StepFailedException($"the file {remotePath} on {shell.Host} cannot be read");
        if (size > mostBytes)
        {
            throw new StepFailedException($"the file {remotePath} on {shell.Host} has {size} bytes, and {mostBytes} at most are brought here");
        }

        for (var tries = 0; tries < Tries; tries++)
        {
            await using (var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite))
            {
                if (file.Length > size)
                {
                    file.SetLength(0);
                }

                file.Position = file.Length;
                await ReceiveAsync(remotePath, file, size, cancellationToken);
                if (file.Length == size)
                {
                    file.Position = 0;
                    if (await SumAsync(file, cancellationToken) == sum)
                    {
                        tries = Tries;
                    }
                    else
                    {
                        file.SetLength(0);
                    }
                }
            }

            if (tries == Tries)
            {
                File.Move(part, localPath, overwrite: true);
                return;
            }
        }

        throw new StepFailedException($"the file {remotePath} on {shell.Host} could not be fetched whole in {Tries} tries");
    }

    /// <summary>Brings a file there.</summary>
    /// <param name="localPath">The file.</param>
    /// <param name="remotePath">Where it goes; its directory is made, and it is there only when whole.</param>
    /// <param name="cancellationToken">Gives up; what went is kept beside it for the next try.</param>
    /// <exception cref="StepFailedException">What arrived is not what was sent.</exception>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public async Task SendAsync(string localPath, string remotePath, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(localPath);
        var sum = await SumAsync(file, cancellationToken);
        var part = remotePath + PartSuffix;
        await RunAsync(cancellationToken, "mkdir", "-p", "--", Path.GetDirectoryName(remotePath) is { Length: > 0 } directory ? directory : ".");
        for (var tries = 0; tries < Tries; tries++)
        {
            var there = (await DescribeAsync(part, cancellationToken))?.Size ?? 0;
            if (there > file.Length)
            {
                await RunAsync(cancellationToken, "rm", "-f", "--", part);
                there = 0;
            }

            file.Position = there;
            await TransmitAsync(file, part, cancellationToken);
            if (await DescribeAsync(part, cancellationToken) is { } arrived && arrived.Size == file.Length)
            {
                if (arrived.Sum == sum)
                {
                    await RunAsync(cancellationToken, "mv", "-f", "--", part, remotePath);
                    return;
                }

                await RunAsync(cancellationToken, "rm", "-f", "--", part);
            }
        }

        throw new StepFailedException($"the file {localPath} did not arrive whole at {shell.Host} in {Tries} tries; is there room for it?");
    }

    /// <summary>Size and checksum of a file on the host, or nothing when it cannot be read.</summary>
    private async Task<(long Size, string Sum)?> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        var tool = shell.Facts.Tools.Contains("sha256sum") ? "sha256sum" : "cksum";
        var command = new ShellCommand("sh", "-c", "[ -f \"$1\" ] && wc -c <\"$1\" && \"$2\" <\"$1\"", "sh", path, tool) { Timeout = ChecksumTime };
        var result = await shell.RunAsync(command, cancellationToken);
        var words = result.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return result.IsSuccess && words.Length >= 2 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? (size, words[1]) : null;
    }

    private async Task<string> SumAsync(Stream file, CancellationToken cancellationToken)
    {
        var sum = shell.Facts.Tools.Contains("sha256sum")
            ? Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken))
            : (await PosixChecksum.OfAsync(file, cancellationToken)).ToString(CultureInfo.InvariantCulture);
        return sum;
    }

    private async Task ReceiveAsync(string remotePath, FileStream file, long size, CancellationToken cancellationToken)
    {
        using var bulk = await OpenAsync($"exec tail -c +{file.Length + 1} -- \"$p\"", remotePath, cancellationToken);
        var buffer = new byte[Part];
        try
        {
            while (file.Length < size)
            {
                var reading = bulk.Output.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, size - file.Length)), cancellationToken).AsTask();
                if (!await IsInTimeAsync(reading, cancellationToken) || await reading is 0)
                {
                    return;
                }

                await file.WriteAsync(buffer.AsMemory(0, await reading), cancellationToken);
            }
        }
        finally
        {
            bulk.Kill();
        }
    }

    private async Task TransmitAsync(FileStream file, string part, CancellationToken cancellationToken)
    {
        using var bulk = await OpenAsync("exec cat >>\"$p\"", part, cancellationToken);
        var buffer = new byte[Part];
        try
        {
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (!await ArrivesAsync(bulk.Input.WriteAsync(buffer.AsMemory(0, read), cancellationToken).AsTask(), part, cancellationToken))
                {
                    return;
                }
            }

            bulk.Input.Close();
            await ArrivesAsync(bulk.ExitAsync(cancellationToken), part, cancellationToken);
        }
        catch (IOException)
        {
            // The connection broke; the checksum tells what arrived.
        }
        finally
        {
            bulk.Kill();
        }
    }

    /// <summary>Waits for a part to be taken. Megabytes lie between here and there, so what is slow is told by the file there, over the other connection.</summary>
    /// <returns>Whether it was; not when the file has ceased to grow.</returns>
    private async Task<bool> ArrivesAsync(Task taking, string part, CancellationToken cancellationToken)
    {
        var before = -1L;
        while (!await IsInTimeAsync(taking, cancellationToken))
        {
            var result = await shell.RunAsync(new ShellCommand("sh", "-c", "wc -c <\"$1\"", "sh", part), cancellationToken);
            var there = long.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0;
            if (there <= before)
            {
                return false;
            }

            before = there;
        }

        await taking;
        return true;
    }

    /// <exception cref="SshException">The host is lost.</exception>
    private async Task<bool> IsInTimeAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(task, shell.Lost).WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }

        return task.IsCompleted ? true : throw new SshException(await shell.Lost);
    }

    /// <summary>A connection on which the far shell runs one line about one path; the path travels as data.</summary>
    private async Task<RemoteProcess> OpenAsync(string line, string path, CancellationToken cancellationToken)
    {
        var bulk = await shell.OpenBulkAsync(cancellationToken);
        var quoted = RemoteText.Line(path).Replace("'", "\\0047", StringComparison.Ordinal);
        try
        {
            await bulk.Input.WriteAsync(Encoding.ASCII.GetBytes($"p=$(printf '%b_' '{quoted}'); p=${{p%_}}; {line}\n"), cancellationToken);
            await bulk.Input.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It could not log in; nothing will come or arrive.
        }

        return bulk;
    }

    private async Task RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await shell.RunAsync(new ShellCommand(arguments), cancellationToken);
        if (!result.IsSuccess)
        {
            throw new StepFailedException($"{string.Join(' ', arguments)} on {shell.Host}: {SshFailureReader.Printable(result.Error)}");
        }
    }
}
