using System.Globalization;
using System.Text;

namespace FailoverLab.Hosts;

/// <summary>
/// Keeps a host for one run: a small program there has the kernel's lock on a file, and ends with the far side: at the end of the run, when the channel
/// ends, or when nothing was heard for the far side's lease. So nothing is left to be unlocked, whatever the runner dies of.
/// </summary>
internal static class HostHold
{
    private const int Busy = 75;

    /// <summary>Standard output says why nobody is kept off; standard error who has the host. The file stays: to take it away would part those who wait for it.</summary>
    private const string Holding = """
        command -v flock >/dev/null || { echo "it has no flock"; exit 0; }
        umask 077
        if [ "$(id -u)" = 0 ]; then d=/run/failoverlab f=$d/use; else d=$HOME/.cache/failoverlab f=$d/use-$(uname -n); fi
        mkdir -p "$d" && true >>"$f" || { echo "$f cannot be written"; exit 0; }
        exec 9<>"$f"
        n=0
        until flock -n 9; do
          run= owner= since=
          { read -r run; read -r owner; read -r since; } <"$f"
          [ "$run" != "$1" ] || exit 0
          n=$((n + 1))
          [ $n -lt 4 ] || { echo "run $run of $owner holds it since $since" >&2; exit 75; }
          sleep 1 9>&-
        done
        printf '%s\n%s\n%s\n' "$1" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$f"
        true >"$FAILOVERLAB_DIR/held"
        while kill -0 "$PPID"; do sleep 5 9>&-; done
        """;

    private const string Waiting = "n=0; until [ -e \"$FAILOVERLAB_DIR/held\" ]; do kill -0 \"$1\" || exit 1; n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.1 || sleep 1; done";

    /// <summary>Takes the host, or waits up to three seconds for a run that is just ending. A run that has it already, under another name, has it.</summary>
    /// <param name="shell">The host; the lock ends with this.</param>
    /// <param name="holder">Who takes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why other runs cannot be kept off; <see langword="null"/> when they are.</returns>
    /// <exception cref="StepHostException">Another run has it; says which, or the host is lost.</exception>
    public static async Task<string?> TakeAsync(SshShell shell, RunHolder holder, CancellationToken cancellationToken)
    {
        string[] words = ["sh", "-c", Holding, "sh", holder.Run, holder.Owner.ReplaceLineEndings(" ")];
        var job = await shell.Session.StartAsync(RemoteKind.Now, words, new Dictionary<string, string>(), default, cancellationToken);
        var pid = await job.Armed.WaitAsync(cancellationToken);
        var held = await shell.RunAsync(new ShellCommand("sh", "-c", Waiting, "sh", pid.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        if (held.IsSuccess)
        {
            return null;
        }

        var (output, error) = await shell.Session.CollectAsync(job);
        if (!job.Exited.IsCompleted)
        {
            throw new StepHostException($"host '{shell.Host}' cannot be kept for this run: its lock is neither taken nor refused, and who asks for it does not end though it is killed; does a disk or file server there hang?");
        }

        return (await job.Exited).Status switch
        {
            0 => Said(output) is { Length: > 0 } why ? $"other runs are not kept off this host: {why}" : null,
            Busy => throw new StepHostException($"host '{shell.Host}' is in use: {Said(error)}; wait for its end, or end it"),
            _ => throw new StepHostException($"host '{shell.Host}' cannot be kept for this run: {Said(error)}"),
        };
    }

    private static string Said(byte[] text) => SshFailureReader.Printable(Encoding.UTF8.GetString(text).Trim());
}
