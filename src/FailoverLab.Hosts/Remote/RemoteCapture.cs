using System.Globalization;
using System.Text;

namespace FailoverLab.Hosts;

/// <summary>One capture on a host: begun before the start instant into a ring of files, ended in order, fetched as one, and what the program said of it.</summary>
internal sealed class RemoteCapture
{
    private const long LeastBytes = CaptureRoom.Least;
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(10);
    private readonly SshShell _shell;
    private readonly string _folder;
    private readonly string _tool;
    private readonly long _limit;
    private bool _isStopping;
    private bool _hasEndedEarly;

    private RemoteCapture(SshShell shell, RemoteJob job, string point, string folder, string tool, long limit)
    {
        _shell = shell;
        Job = job;
        Point = point;
        _folder = folder;
        _tool = tool;
        _limit = limit;
    }

    /// <summary>Its process.</summary>
    public RemoteJob Job { get; }

    /// <summary>Capture point, <c>host.interface</c>.</summary>
    public string Point { get; }

    /// <summary>Starts capturing and waits until the program has the interface.</summary>
    /// <param name="shell">The host.</param>
    /// <param name="directory">Directory on the host for its files.</param>
    /// <param name="interfaceName">Interface.</param>
    /// <param name="snapLength">Bytes kept of each packet.</param>
    /// <param name="captures">Captures of the run on this host, which share its disk; at least one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">It cannot capture; says why.</exception>
    public static async Task<RemoteCapture> BeginAsync(SshShell shell, string directory, string interfaceName, int snapLength, int captures, CancellationToken cancellationToken)
    {
        if (CaptureTool.Of(shell.Facts.Tools) is not { } tool)
        {
            throw new StepHostException($"host '{shell.Host}': neither dumpcap nor tcpdump is there, so it cannot capture; install one (wireshark-common, tcpdump)");
        }

        var folder = $"{directory}/capture-{interfaceName}";
        var limit = await RoomAsync(shell, folder, captures, cancellationToken);
        var job = await shell.Session.StartAsync(
            RemoteKind.Now, CaptureTool.Command(tool, interfaceName, snapLength, $"{folder}/c.pcap", limit, shell.Facts.IsRoot), new Dictionary<string, string>(), default, cancellationToken);
        var capture = new RemoteCapture(shell, job, $"{shell.Host}.{interfaceName}", folder, tool, limit);
        var pid = await job.Armed.WaitAsync(cancellationToken);

        // Both programs open the interface before the file.
        var waiting = new ShellCommand("sh", "-c", "n=0; until [ -n \"$(ls \"$1\")\" ]; do kill -0 \"$2\" || exit 1; n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.1 || sleep 1; done", "sh", folder, pid.ToString(CultureInfo.InvariantCulture));
        if (!(await shell.RunAsync(waiting, cancellationToken)).IsSuccess)
        {
            var (_, error) = await shell.Session.CollectAsync(job);
            throw new StepHostException($"host '{shell.Host}': {tool} does not capture on {interfaceName}: {SshFailureReader.Printable(LastLine(Encoding.UTF8.GetString(error)))}");
        }

        return capture;
    }

    /// <summary>The command that ends it in order, for a step of the plan; its own process, so that several end together.</summary>
    public async Task<string> StopScriptAsync()
    {
        _isStopping = true;
        var pid = await Job.Armed;
        return string.Create(CultureInfo.InvariantCulture, $"{{ sleep {CaptureTool.Delay.TotalSeconds} || sleep 2; kill -s INT -- -{pid} || kill -s INT {pid}; }} &");
    }

    /// <summary>Ends it in order and waits for that; ones that end at the same time wait together.</summary>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public async Task InterruptAsync()
    {
        _hasEndedEarly |= Job.Exited.IsCompleted && !_isStopping;
        _isStopping = true;
        if (!Job.Exited.IsCompleted)
        {
            await _shell.Session.KillAsync(Job, "INT");
            await Task.WhenAny(Job.Exited, Task.Delay(Ending, TimeProvider.System));
        }
    }

    /// <summary>Ends it, brings its files to the run directory as one, and counts.</summary>
    /// <param name="runDirectory">The run directory.</param>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public async Task<CaptureCount> EndAsync(string runDirectory)
    {
        await InterruptAsync();
        var (_, errorBytes) = await _shell.Session.CollectAsync(Job);
        var error = Encoding.UTF8.GetString(errorBytes);
        var (written, dropped) = CaptureTool.Counters(error);
        var fault = _hasEndedEarly ? $"{_tool} ended by itself: {SshFailureReader.Printable(LastLine(error))} (its ring may hold {_limit >> 20} MiB)" : null;
        var relative = $"captures/{Point}.pcapng";
        var hasWrapped = false;
        try
        {
            hasWrapped = await FetchAsync(Path.Combine(runDirectory, relative), written);
        }
        catch (Exception failure) when (failure is StepFailedException or IOException or UnauthorizedAccessException)
        {
            // Here the disk may be full too; what it counted is told all the same.
            fault ??= failure.Message;
        }

        return new CaptureCount(Point, relative, written ?? 0, dropped ?? 0, fault ?? (written is null ? $"{_tool} did not say what it counted" : null)) { HasWrapped = hasWrapped };
    }

    /// <summary>Brings the files of the ring here as one; says whether the oldest gave way. Where one cannot be fetched, those before it are kept.</summary>
    private async Task<bool> FetchAsync(string path, long? written)
    {
        var beside = Directory.CreateDirectory(path + ".ring").FullName;
        try
        {
            var listed = await _shell.RunAsync(new ShellCommand("ls", _folder), CancellationToken.None);
            var (names, other) = CaptureFiles.Named(listed.Output);
            var failure = other is null ? null : new StepFailedException($"{_folder} on {_shell.Host} lists what is no file of a ring: {SshFailureReader.Printable(other)}");
            var fetched = new List<string>();
            var room = CaptureRoom.Held(_limit);
            foreach (var name in names)
            {
                try
                {
                    var to = Path.Combine(beside, name);
                    await new RemoteFiles(_shell).FetchAsync($"{_folder}/{name}", to, room, CancellationToken.None);
                    fetched.Add(to);
                    room -= new FileInfo(to).Length;
                }
                catch (Exception refusal) when (refusal is StepFailedException or IOException)
                {
                    failure = new StepFailedException(refusal.Message, refusal);
                    break;
                }
            }

            if (fetched.Count == 0)
            {
                throw failure ?? new StepFailedException($"{_folder} on {_shell.Host} holds no capture");
            }

            var files = CaptureFiles.Of(fetched, failure is null ? written : null);
            await files.JoinAsync(path);
            return failure is null ? files.HasWrapped : throw failure;
        }
        finally
        {
            Directory.Delete(beside, recursive: true);
        }
    }

    /// <summary>Makes the folder; bytes its ring may take.</summary>
    private static async Task<long> RoomAsync(SshShell shell, string directory, int captures, CancellationToken cancellationToken)
    {
        var result = await shell.RunAsync(new ShellCommand("sh", "-c", "mkdir -p \"$1\" && df -Pk \"$1\"", "sh", directory), cancellationToken);
        var fields = result.Output.Split('\n').Skip(1).FirstOrDefault()?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!result.IsSuccess || fields is not { Length: >= 4 } || !long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var free))
        {
            return LeastBytes;
        }

        return CaptureRoom.Of(free * 1024, captures) is var room and > 0
            ? room
            : throw new StepHostException(
                $"host '{shell.Host}': {free / 1024} MiB are free in {directory}, too little to capture at {captures} interface{(captures == 1 ? "" : "s")}; make room for {CaptureRoom.Wanted(captures) >> 20} MiB or set TMPDIR there");
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it said nothing";
}
