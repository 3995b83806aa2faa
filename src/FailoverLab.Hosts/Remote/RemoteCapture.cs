using System.Globalization;
using System.Text;

namespace FailoverLab.Hosts;

/// <summary>One capture on a host: begun before the start instant, ended in order, fetched, and what the program said of it.</summary>
internal sealed class RemoteCapture
{
    private const long LeastBytes = CaptureRoom.Least;
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(10);
    private readonly SshShell _shell;
    private readonly string _file;
    private readonly string _tool;
    private readonly long _limit;
    private bool _isStopping;
    private bool _hasEndedEarly;

    private RemoteCapture(SshShell shell, RemoteJob job, string point, string file, string tool, long limit)
    {
        _shell = shell;
        Job = job;
        Point = point;
        _file = file;
        _tool = tool;
        _limit = limit;
    }

    /// <summary>Its process.</summary>
    public RemoteJob Job { get; }

    /// <summary>Capture point, <c>host.interface</c>.</summary>
    public string Point { get; }

    /// <summary>Starts capturing and waits until the program has the interface.</summary>
    /// <param name="shell">The host.</param>
    /// <param name="directory">Directory on the host for its file.</param>
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

        var limit = await RoomAsync(shell, directory, captures, cancellationToken);
        var file = $"{directory}/{interfaceName}.pcap";
        var job = await shell.Session.StartAsync(
            RemoteKind.Now, CaptureTool.Command(tool, interfaceName, snapLength, file, limit, shell.Facts.IsRoot), new Dictionary<string, string>(), default, cancellationToken);
        var capture = new RemoteCapture(shell, job, $"{shell.Host}.{interfaceName}", file, tool, limit);
        var pid = await job.Armed.WaitAsync(cancellationToken);

        // Both programs open the interface before the file.
        var waiting = new ShellCommand("sh", "-c", "n=0; until [ -e \"$1\" ]; do kill -0 \"$2\" || exit 1; n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.1 || sleep 1; done", "sh", file, pid.ToString(CultureInfo.InvariantCulture));
        if (!(await shell.RunAsync(waiting, cancellationToken)).IsSuccess)
        {
            var (_, error) = await shell.Session.CollectAsync(job);
            throw new StepHostException($"host '{shell.Host}': {tool} does not capture on {interfaceName}: {SshFailureReader.Printable(LastLine(Encoding.UTF8.GetString(error)))}");
        }

        return capture;
    }

    /// <summary>The command that ends it in order, for a step of the plan.</summary>
    public async Task<string> StopScriptAsync()
    {
        _isStopping = true;
        var pid = await Job.Armed;
        return string.Create(CultureInfo.InvariantCulture, $"kill -s INT -- -{pid} || kill -s INT {pid}");
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

    /// <summary>Ends it, brings its file to the run directory, and counts.</summary>
    /// <param name="runDirectory">The run directory.</param>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public async Task<CaptureCount> EndAsync(string runDirectory)
    {
        await InterruptAsync();
        var (_, errorBytes) = await _shell.Session.CollectAsync(Job);
        var error = Encoding.UTF8.GetString(errorBytes);
        var (written, dropped) = CaptureTool.Counters(error);
        var fault = _hasEndedEarly ? $"{_tool} ended by itself: {SshFailureReader.Printable(LastLine(error))} (its file may hold {_limit >> 20} MiB)" : null;
        var relative = $"captures/{Point}.pcapng";
        try
        {
            Directory.CreateDirectory(Path.Combine(runDirectory, "captures"));
            await new RemoteFiles(_shell).FetchAsync(_file, Path.Combine(runDirectory, relative), CancellationToken.None);
        }
        catch (Exception failure) when (failure is StepFailedException or IOException or UnauthorizedAccessException)
        {
            // Here the disk may be full too; what it counted is told all the same.
            fault ??= failure.Message;
        }

        return new CaptureCount(Point, relative, written ?? 0, dropped ?? 0, fault ?? (written is null ? $"{_tool} did not say what it counted" : null));
    }

    /// <summary>Bytes one capture may take.</summary>
    private static async Task<long> RoomAsync(SshShell shell, string directory, int captures, CancellationToken cancellationToken)
    {
        var result = await shell.RunAsync(new ShellCommand("df", "-Pk", directory), cancellationToken);
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
