using System.Globalization;
using System.Text;

namespace FailoverLab.Hosts;

/// <summary>
/// Our own program on a host for one step: it prepares everything when the run is armed, waits at its gate, a FIFO beside its files, and is
/// ended by a signal. What it prints goes into files there, whole, and is fetched at the end.
/// </summary>
internal sealed record RemoteProgram
{
    private const int InOneGo = 1 << 20;

    /// <summary>What is longer is left there: no program of ours prints so much, and the host shall not fill the disk here.</summary>
    private const long MostPrinted = 1L << 30;
    private static readonly TimeSpan ArmTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(3);

    /// <summary>The gate is open both ways, so that neither side waits for the other to open it. What the program shall read first is in it before it is started.</summary>
    private const string Starting = "p=$1; shift; mkfifo \"$p.gate\" && exec 3<>\"$p.gate\" && cat >&3 && exec \"$@\" <&3 3>&- >\"$p.out\" 2>\"$p.err\"";

    private const string Waiting =
        """
        n=0
        while :; do
          case $(head -c 65536 "$1.out") in *'"event":"armed"'*) exit 0 ;; esac
          kill -0 "$2" || exit 1
          n=$((n + 1)); [ $n -lt 600 ] || exit 1
          sleep 0.05 || sleep 1
        done
        """;

    private readonly SshShell _shell;
    private readonly string _path;

    private RemoteProgram(SshShell shell, RemoteJob job, string name, string path, string openScript)
    {
        _shell = shell;
        Job = job;
        Name = name;
        _path = path;
        OpenScript = openScript;
    }

    /// <summary>Its process.</summary>
    public RemoteJob Job { get; }

    /// <summary>Name of its log files: the step's.</summary>
    public string Name { get; }

    /// <summary>Text for the shell that opens its gate.</summary>
    public string OpenScript { get; }

    /// <summary>Whether it belongs to the failover stack, whose lines are events of the run.</summary>
    public bool IsStack { get; init; }

    /// <summary>Whether it sends probe traffic, which ends before captures do.</summary>
    public bool IsSender { get; init; }

    /// <summary>Starts it.</summary>
    /// <param name="shell">The host; <see cref="SshShell.Program"/> is there.</param>
    /// <param name="directory">The far side's own directory.</param>
    /// <param name="number">Its number on this host.</param>
    /// <param name="name">Name of its log files.</param>
    /// <param name="words">Verb and arguments.</param>
    /// <param name="first">What it reads before anything else, some lines at most: a secret stands in no argument, variable or file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RemoteProgram> BeginAsync(
        SshShell shell, string directory, int number, string name, IReadOnlyList<string> words, string first, CancellationToken cancellationToken)
    {
        var below = string.Create(CultureInfo.InvariantCulture, $"program-{number}");
        var job = await shell.Session.StartAsync(
            RemoteKind.Now, ["sh", "-c", Starting, "sh", $"{directory}/{below}", shell.Program!, .. words], new Dictionary<string, string>(), Encoding.UTF8.GetBytes(first), cancellationToken);
        return new RemoteProgram(shell, job, name, $"{directory}/{below}", $"echo go >\"$FAILOVERLAB_DIR/{below}.gate\"");
    }

    /// <summary>Waits until it has said that it is armed.</summary>
    /// <exception cref="StepHostException">It ended before, or did not say so in time.</exception>
    public async Task ArmedAsync(CancellationToken cancellationToken)
    {
        var pid = await Job.Armed.WaitAsync(cancellationToken);
        var waiting = new ShellCommand("sh", "-c", Waiting, "sh", _path, pid.ToString(CultureInfo.InvariantCulture)) { Timeout = ArmTime };
        if (!(await _shell.RunAsync(waiting, cancellationToken)).IsSuccess)
        {
            var error = await _shell.RunAsync(new ShellCommand("tail", "-n", "5", _path + ".err"), cancellationToken);
            throw new StepHostException(Job.Exited.IsCompletedSuccessfully
                ? $"host '{_shell.Host}': the program of step {Name} ended before it was armed: {SshFailureReader.Printable(error.Output.Trim())}"
                : $"host '{_shell.Host}': the program of step {Name} was not ready after {ArmTime.TotalSeconds:0} s: {SshFailureReader.Printable(error.Output.Trim())}");
        }
    }

    /// <summary>Text for the shell that sends it a signal.</summary>
    /// <param name="signal">Its name, of ours.</param>
    public async Task<string> SignalScriptAsync(string signal)
    {
        var pid = await Job.Armed;
        return string.Create(CultureInfo.InvariantCulture, $"kill -s {signal} {pid}");
    }

    /// <summary>Asks it to end, and waits a while for that.</summary>
    public async Task EndAsync()
    {
        if (Job.Exited.IsCompleted)
        {
            return;
        }

        // One that was stopped takes the request only when it goes on. Its own process alone is asked, and once: the second request ends a program at once.
        await _shell.RunAsync(new ShellCommand("sh", "-c", $"{await SignalScriptAsync("TERM")}; {await SignalScriptAsync("CONT")}"), CancellationToken.None);
        if (await Task.WhenAny(Job.Exited, Task.Delay(EndTime, TimeProvider.System)) != Job.Exited)
        {
            await _shell.Session.KillAsync(Job, "KILL");
        }
    }

    /// <summary>Brings what it printed to the run directory.</summary>
    /// <param name="logs">Directory for it.</param>
    /// <returns>The file with its standard output; <see langword="null"/> when it could not be fetched.</returns>
    public async Task<string?> KeepAsync(string logs)
    {
        await KeepAsync(".err", Path.Combine(logs, Name + ".err"));
        var file = Path.Combine(logs, Name + ".out");
        return await KeepAsync(".out", file) ? file : null;
    }

    /// <summary>What is short comes over the channel that is open; what is long over one of its own.</summary>
    private async Task<bool> KeepAsync(string ending, string to)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            return await FetchAsync(ending, to);
        }
        catch (Exception full) when (full is StepFailedException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<bool> FetchAsync(string ending, string to)
    {
        var text = await _shell.RunAsync(new ShellCommand("head", "-c", InOneGo.ToString(CultureInfo.InvariantCulture), _path + ending), CancellationToken.None);
        if (text.IsSuccess && Encoding.UTF8.GetByteCount(text.Output) < InOneGo)
        {
            await File.WriteAllTextAsync(to, text.Output);
            return true;
        }

        await new RemoteFiles(_shell).FetchAsync(_path + ending, to, MostPrinted, CancellationToken.None);
        return true;
    }
}
