using System.IO.Pipes;
using System.Text;
using FailoverLab.Linux;

namespace FailoverLab.Hosts.Tests;

/// <summary>Our own far side, spoken to in its protocol.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AgentSessionTests : IDisposable
{
    private readonly AnonymousPipeServerStream _toAgent = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream _fromAgent = new(PipeDirection.In);
    private readonly StreamReader _answers;
    private readonly Thread _agent;
    private readonly List<RemoteFrame> _early = [];
    private bool _hasEnded;

    public AgentSessionTests()
    {
        var (input, output) = (new AnonymousPipeClientStream(PipeDirection.In, _toAgent.ClientSafePipeHandle), new AnonymousPipeClientStream(PipeDirection.Out, _fromAgent.ClientSafePipeHandle));
        _answers = new StreamReader(_fromAgent);
        _agent = new Thread(() =>
        {
            new AgentSession("FLx", TimeSpan.FromSeconds(60), new SystemClock(TimeSpan.FromMicroseconds(90)), new Signals()).Run(input, output);
            _hasEnded = true;
            output.Dispose();
        });
        _agent.Start();
    }

    public void Dispose()
    {
        _toAgent.Dispose();
        _agent.Join();
        _answers.Dispose();
    }

    [Test]
    public void Run_Question_IsAnsweredWithStampsInOrder()
    {
        var before = SystemClock.Shared.RealtimeNs;
        Say("T 7");
        var answer = Answer('T');

        Assert.That(answer.Id, Is.EqualTo(7));
        Assert.That((before <= answer.A, answer.A <= answer.B, answer.B <= SystemClock.Shared.RealtimeNs), Is.EqualTo((true, true, true)));
    }

    [Test]
    public void Run_Program_GetsArgumentsEnvironmentAndInput()
    {
        Say("R 3 n 5 1 1", RemoteText.Line("LAB=x\ny"), "sh", "-c", "printf '<%s>' \"$LAB\" \"$@\"; cat; exit 5", "sh", RemoteText.Line("$(id) ü"), RemoteText.Line([0, 10, 255]));

        Assert.That(Answer('X').A, Is.EqualTo(5));
        Assert.That(Answer('O').Payload, Is.EqualTo((byte[])[.. "<x\ny><$(id) ü>"u8, 0, 10, 255]));
        Assert.That(Answer('Z').Id, Is.EqualTo(3));
    }

    [Test]
    public void Run_GatedProgram_ReadsOfItsReleaseAtTheInstant()
    {
        Say("R 4 w 3 0 0", "sh", "-c", RemoteText.Line("read g && echo \"<$g>\"; date +%s%N; exit 6"));
        Assert.That(Answer('A').Id, Is.EqualTo(4));
        var atNs = SystemClock.Shared.RealtimeNs + 200_000_000;
        Say($"W 4 {atNs}");
        var (released, exit) = (Answer('S'), Answer('X'));
        var lines = System.Text.Encoding.ASCII.GetString(Answer('O').Payload).Split('\n');

        Assert.That((released.Id, released.A >= atNs, released.A <= released.B, exit.A), Is.EqualTo((4L, true, true, 6L)));
        Assert.That((lines[0], long.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture) >= released.A), Is.EqualTo(("<go>", true)));
    }

    [Test]
    public void Run_HeldScripts_AreReleasedAtTheirInstants()
    {
        Say("R 1 s 1 0 0", "cat; echo one", "R 2 g 2 0 0", "echo", "$HOME", "L 0 1", "L 30000000 2");
        var start = SystemClock.Shared.RealtimeNs + 300_000_000;
        Say($"G {start}");

        var (first, second) = (Answer('S'), Answer('S'));

        Assert.That((first.Id, second.Id), Is.EqualTo((1, 2)));
        Assert.That(first.A, Is.GreaterThanOrEqualTo(start));
        Assert.That(second.A, Is.GreaterThanOrEqualTo(start + 30_000_000));
        List<string> printed = [Encoding.UTF8.GetString(Answer('O').Payload), Encoding.UTF8.GetString(Answer('O').Payload)];
        Assert.That(printed, Is.EquivalentTo(new[] { "one\n", "$HOME\n" }));
    }

    [Test]
    public void Run_InputEnds_EndsWhatRunsAndTheDirectory()
    {
        Say("R 1 n 3 0 0", "sh", "-c", "echo \"$FAILOVERLAB_DIR\"", "R 2 n 2 0 0", "sleep", "678");
        var directory = Encoding.UTF8.GetString(Answer('O').Payload).Trim();
        Assert.That(Answer('X').Id, Is.EqualTo(1));
        _toAgent.Dispose();
        _agent.Join();

        Assert.That((_hasEnded, directory.Contains("failoverlab.", StringComparison.Ordinal), Directory.Exists(directory)), Is.EqualTo((true, true, false)));
        Assert.That(Answer('X').A, Is.EqualTo(128 + 15));
    }

    private void Say(params string[] lines)
    {
        _toAgent.Write(Encoding.ASCII.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        _toAgent.Flush();
    }

    /// <summary>The next line of a kind; others are kept for later.</summary>
    private RemoteFrame Answer(char verb)
    {
        var early = _early.FindIndex(f => f.Verb == verb);
        if (early >= 0)
        {
            var kept = _early[early];
            _early.RemoveAt(early);
            return kept;
        }

        while (_answers.ReadLine() is { } line)
        {
            var frame = RemoteFrame.Read(line, "FLx");
            Assert.That(frame, Is.Not.Null, line);
            if (frame!.Value.Verb == verb)
            {
                return frame.Value;
            }

            _early.Add(frame.Value);
        }

        throw new EndOfStreamException($"no '{verb}' came");
    }

    private sealed class Signals : IAgentSystem
    {
        public bool IsRoot => false;

        public void Signal(int group, int signal) => _ = ProcessControl.Kill(-group, signal) || ProcessControl.Kill(group, signal);

        public void PreferThisThread()
        {
        }
    }
}
