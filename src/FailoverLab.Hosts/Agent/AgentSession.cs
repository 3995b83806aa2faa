using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>
/// The far side of a channel as our own program: the protocol of the shell's, with better timing. Clock stamps are taken when the kernel has the
/// question, programs are exec'ed before their instant and released at it by a thread that does nothing else.
/// </summary>
/// <param name="mark">Begins every line sent.</param>
/// <param name="lease">How long it goes on without a word from the other side.</param>
/// <param name="clock">This host's clock.</param>
/// <param name="system">The operating system.</param>
public sealed class AgentSession(string mark, TimeSpan lease, IClock clock, IAgentSystem system)
{
    private const long TellAfterNs = 20_000_000;
    private const long AwakeNs = 200_000;
    private const long RehearsalNs = 100_000_000;
    private const long NoJob = -1;
    private static readonly string[] KnownTools = ["dumpcap", "tcpdump", "chronyc", "sha256sum", "cksum", "ethtool", "iperf3", "ip", "tc"];
    private readonly ConcurrentDictionary<long, AgentJob> _jobs = new();
    private readonly List<(long OffsetNs, long Id)> _lane = [];
    private readonly ConcurrentQueue<(long Id, long BeforeNs, long AfterNs)> _released = new();
    private readonly Lock _writing = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("failoverlab.").FullName;
    private readonly byte[] _answer = new byte[mark.Length + 80];
    private Stream _output = Stream.Null;
    private volatile bool _isCancelled;
    private long _heardNs;

    /// <summary>Speaks until the other side ends or falls silent; then ends everything it started.</summary>
    /// <param name="input">Lines from the other side.</param>
    /// <param name="output">Lines to it.</param>
    public void Run(Stream input, Stream output)
    {
        _output = output;
        _heardNs = clock.MonotonicNs;
        using var watch = new Timer(_ => Watch(input), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Greet();
        try
        {
            Converse(new AgentInput(input, clock));
        }
        catch (IOException)
        {
            // The channel is gone; so is the reason to go on.
        }

        EndAll();
    }

    private void Greet()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':');
        var tools = string.Join(',', KnownTools.Where(t => path.Any(p => File.Exists(Path.Combine(p, t)))));
        var release = Environment.OSVersion.Version.ToString();
        var machine = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64 ? "x86_64" : "aarch64";
        var name = string.Concat(Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'));

        // The same way the answers will go, so that the first of them is not the slowest.
        Say($"H 1 clock=agent res=1 setsid=1 fine=1 tools={tools} system=Linux release={release} machine={machine} uid={(system.IsRoot ? 0 : 1)} name={name}");
    }

    private void Converse(AgentInput input)
    {
        while (input.ReadLine() is { } line)
        {
            Interlocked.Exchange(ref _heardNs, clock.MonotonicNs);
            var fields = line.Split(' ');
            switch (fields[0])
            {
                case "T" when fields.Length == 2:
                    Answer(Number(fields[1]), input.HeardNs);
                    break;
                case "R" when fields.Length == 6:
                    Start(Number(fields[1]), (RemoteKind)fields[2][0], (int)Number(fields[3]), (int)Number(fields[4]), (int)Number(fields[5]), input);
                    break;
                case "L" when fields.Length == 3:
                    _lane.Add((Number(fields[1]), Number(fields[2])));
                    break;
                case "G" when fields.Length == 2:
                    var startNs = Number(fields[1]);
                    new Thread(() => Release(_lane, startNs)) { IsBackground = true, Name = "lane", Priority = ThreadPriority.Highest }.Start();
                    Say($"G {fields[1]}");
                    break;
                case "W" when fields.Length == 3:
                    var (single, atNs) = (Number(fields[1]), Number(fields[2]));
                    new Thread(() => Release([(0, single)], atNs)) { IsBackground = true, Name = "lane of one", Priority = ThreadPriority.Highest }.Start();
                    break;
                case "C":
                    _isCancelled = true;
                    TellReleased();
                    Say("C");
                    break;
                case "K" when fields.Length == 3:
                    if (_jobs.TryGetValue(Number(fields[1]), out var job))
                    {
                        system.Signal(job.Pid, SignalOf(fields[2]));
                    }

                    Say($"K {fields[1]}");
                    break;
                case "D" when fields.Length == 2:
                    if (_jobs.TryGetValue(Number(fields[1]), out var held))
                    {
                        held.LetGo();
                    }

                    break;
                case "Q":
                    return;
            }
        }
    }

    private void Start(long id, RemoteKind kind, int arguments, int variables, int chunks, AgentInput input)
    {
        List<string> values = [];
        for (var i = 0; i < arguments + variables; i++)
        {
            values.Add(Encoding.UTF8.GetString(Value(input)));
        }

        var bytes = Enumerable.Range(0, chunks).SelectMany(_ => Value(input)).ToArray();
        var job = AgentJob.Start(kind, values[variables..], [$"FAILOVERLAB_DIR={_directory}", .. values[..variables]], bytes);
        if (job is null)
        {
            Say($"A {id} 0");
            Say(string.Create(CultureInfo.InvariantCulture, $"X {id} 127 {clock.RealtimeNs}"));
            Say($"Z {id}");
            return;
        }

        _jobs[id] = job;
        Say($"A {id} {job.Pid}");
        _ = FollowAsync(id, job);
    }

    private async Task FollowAsync(long id, AgentJob job)
    {
        var status = await job.ExitAsync();
        Say(string.Create(CultureInfo.InvariantCulture, $"X {id} {status & 255} {clock.RealtimeNs}"));
        var (output, error) = await job.PrintedAsync();
        foreach (var (stream, bytes) in new[] { (1, output), (2, error) })
        {
            foreach (var piece in bytes.Chunk(1000))
            {
                Say($"O {id} {stream} {Convert.ToHexStringLower(piece)}");
            }
        }

        _jobs.TryRemove(id, out _);
        Say($"Z {id}");
    }

    /// <summary>The lane: waits by the clock that never steps, for the instants given once on the one that may.</summary>
    private void Release(List<(long OffsetNs, long Id)> lane, long startRealtimeNs)
    {
        system.PreferThisThread();
        if (startRealtimeNs - clock.RealtimeNs > RehearsalNs)
        {
            // A rehearsal: what runs at an instant was run before, so nothing is compiled, bound or paged in then.
            ReleaseAll([(500_000, NoJob), (1_000_000, NoJob)], clock.MonotonicNs);
        }

        ReleaseAll(lane, ClockReading.Of(clock).ToMonotonicNs(startRealtimeNs));
    }

    private void ReleaseAll(List<(long OffsetNs, long Id)> lane, long startNs)
    {
        foreach (var (offsetNs, id) in lane)
        {
            var atNs = startNs + offsetNs;
            TellBefore(atNs);
            while (!_isCancelled && clock.MonotonicNs < atNs - AwakeNs)
            {
                clock.WaitUntil(Math.Min(atNs - AwakeNs, clock.MonotonicNs + 50_000_000));
            }

            // Awake for the last stretch, but in turns with others of this precedence: each is then warm when its turn comes after the instant.
            while (!_isCancelled && clock.MonotonicNs < atNs)
            {
                Thread.Yield();
            }

            var isThere = _jobs.TryGetValue(id, out var job);
            if (!_isCancelled && (isThere || id == NoJob))
            {
                Release(id, job);
            }
        }

        TellBefore(long.MaxValue);
    }

    private void Release(long id, AgentJob? job)
    {
        var beforeNs = clock.RealtimeNs;
        job?.Release();
        _released.Enqueue((id, beforeNs, clock.RealtimeNs));
    }

    /// <summary>Tells what was released, in a while: telling takes longer than releasing, and others may wait for this processor, the released program too.</summary>
    private void TellBefore(long nextNs)
    {
        var tellNs = clock.MonotonicNs + TellAfterNs;
        if (!_released.IsEmpty && nextNs - tellNs > TellAfterNs)
        {
            clock.WaitUntil(tellNs);
            TellReleased();
        }
    }

    private void TellReleased()
    {
        while (_released.TryDequeue(out var start))
        {
            if (start.Id == NoJob)
            {
                continue;
            }

            Say(string.Create(CultureInfo.InvariantCulture, $"S {start.Id} {start.BeforeNs} {start.AfterNs}"));
        }
    }

    private void Watch(Stream input)
    {
        if (clock.MonotonicNs - Interlocked.Read(ref _heardNs) > lease.Ticks * 100)
        {
            EndAll();
            input.Dispose();
        }
    }

    private void EndAll()
    {
        _isCancelled = true;
        foreach (var job in _jobs.Values)
        {
            system.Signal(job.Pid, 15);
        }

        if (!_jobs.IsEmpty)
        {
            clock.WaitUntil(clock.MonotonicNs + 200_000_000);
        }

        foreach (var job in _jobs.Values)
        {
            system.Signal(job.Pid, 9);
        }

        FolderRemoval.Of(() => Directory.Delete(_directory, recursive: true), () => clock.WaitUntil(clock.MonotonicNs + 50_000_000));
    }

    private void Say(string line)
    {
        var bytes = Encoding.ASCII.GetBytes($"{mark} {line}\n");
        lock (_writing)
        {
            Send(bytes);
        }
    }

    private void Send(ReadOnlySpan<byte> line)
    {
        try
        {
            _output.Write(line);
            _output.Flush();
        }
        catch (IOException)
        {
            // Nobody listens any more; reading ends too.
        }
    }

    /// <summary>Tells the time. Everything but the last figure is written down before the clock is read.</summary>
    private void Answer(long id, long heardNs)
    {
        lock (_writing)
        {
            var line = _answer.AsSpan();
            Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"{mark} T {id} {heardNs} ", out var length);
            Utf8Formatter.TryFormat(clock.RealtimeNs, line[length..], out var digits);
            length += digits;
            line[length++] = (byte)'\n';
            Send(line[..length]);
        }
    }

    private static byte[] Value(AgentInput input) => input.ReadLine() is { } line && RemoteText.Bytes(line) is { } value ? value : throw new IOException("torn message");

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new IOException("torn message");

    private static int SignalOf(string name) => name switch { "INT" => 2, "KILL" => 9, "HUP" => 1, _ => 15 };
}
