using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FailoverLab.Hosts;

/// <summary>
/// Puts our own program in the shell's place on a host. It is copied only where that is asked for, into the account's cache, under its checksum; a
/// copy that is there already is used wherever the hosts file does not forbid it.
/// </summary>
internal static class AgentPlacing
{
    private const string Finding = """
        d=${XDG_CACHE_HOME:-$HOME/.cache}/failoverlab; mkdir -p -- "$d" || exit 1
        printf '%s/agent-%s\n' "$d" "$1"; [ -x "$d/agent-$1" ] && "$d/agent-$1" --version >/dev/null 2>&1 && echo runs
        """;

    /// <summary>Several connections to one host may want it at once: one copies it, the others find it.</summary>
    private static readonly ConcurrentDictionary<(string Host, string Name), SemaphoreSlim> Turns = new();

    /// <summary>Does it.</summary>
    /// <param name="shell">The host.</param>
    /// <param name="program">Our program as a single file; absent when there is none.</param>
    /// <param name="isForHost">Whether somebody named that file for this host, so that it need not be one for this machine.</param>
    /// <param name="mayCopy">Whether it may be copied there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why the shell stays, or <see langword="null"/>.</returns>
    public static async Task<string?> ReplaceAsync(SshShell shell, string? program, bool isForHost, bool mayCopy, CancellationToken cancellationToken)
    {
        if (program is null)
        {
            return "this program is not the published single file";
        }

        var machine = RuntimeInformation.OSArchitecture == Architecture.X64 ? "x86_64" : "aarch64";
        if (!isForHost && (shell.Facts.Machine != machine || !shell.Facts.System.StartsWith("Linux", StringComparison.Ordinal)))
        {
            return $"it is for Linux on {machine}, the host is {shell.Facts.System} on {shell.Facts.Machine}";
        }

        string name;
        try
        {
            await using var file = File.OpenRead(program);
            name = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken))[..16];
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return refusal.Message;
        }

        var turn = Turns.GetOrAdd((shell.Host, name), _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            var (path, fault) = await PutAsync(shell, program, name, mayCopy, cancellationToken);
            if (fault is not null)
            {
                return fault;
            }

            shell.Program = path;
        }
        finally
        {
            turn.Release();
        }

        await shell.Session.UpgradeAsync(shell.Program!, cancellationToken);
        return shell.Facts.Clock == "agent" ? null : "the shell refused to give way";
    }

    /// <summary>Has it there: found, or copied.</summary>
    private static async Task<(string? Path, string? Fault)> PutAsync(SshShell shell, string program, string name, bool mayCopy, CancellationToken cancellationToken)
    {
        var (path, runs) = await FindAsync(shell, name, cancellationToken);
        if (path is null)
        {
            return (null, "the account has no cache directory to write to");
        }

        if (!runs && mayCopy)
        {
            try
            {
                await new RemoteFiles(shell).SendAsync(program, path, cancellationToken);
            }
            catch (StepFailedException failure)
            {
                return (null, failure.Message);
            }

            await shell.RunAsync(new ShellCommand("chmod", "700", path), cancellationToken);
            (_, runs) = await FindAsync(shell, name, cancellationToken);
        }

        return runs ? (path, null) : (null, mayCopy ? "it was copied but does not run there" : "it is not there");
    }

    private static async Task<(string? Path, bool Runs)> FindAsync(SshShell shell, string name, CancellationToken cancellationToken)
    {
        var found = await shell.RunAsync(new ShellCommand("sh", "-c", Finding, "sh", name), cancellationToken);
        var lines = found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines is [var path, ..] && path.StartsWith('/') ? (path, lines is [_, "runs", ..]) : (null, false);
    }
}
