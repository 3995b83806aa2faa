using System.Diagnostics;
using System.Security.Cryptography;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The failover stack's programs, each a process of its own in its node, so that one can be killed without the others.</summary>
internal sealed class LabPrograms : IDisposable
{
    private static readonly TimeSpan ArmTimeout = TimeSpan.FromSeconds(30);

    private readonly LabNetwork _network;
    private readonly LabReporter _reporter;
    private readonly IClock _clock;
    private readonly SelfCommand _self;
    private readonly Dictionary<string, LabProgram> _programs = new(StringComparer.Ordinal);
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public LabPrograms(LabNetwork network, LabReporter reporter, IClock clock, SelfCommand self)
    {
        _network = network;
        _reporter = reporter;
        _clock = clock;
        _self = self;
    }

    /// <summary>Starts a node's program and holds it at its gate.</summary>
    public void Arm(StepPlan step, StackStart stack, string runDirectory)
    {
        var logs = Path.Combine(runDirectory, "logs", step.Host);
        Directory.CreateDirectory(logs);
        var start = new ProcessStartInfo(_self.File);
        foreach (var argument in (string[])[.. _self.Arguments, stack.Verb, "--config", stack.ConfigFile, "--gate", "--secrets"])
        {
            start.ArgumentList.Add(argument);
        }

        // The tunnel's key lives as long as the lab and is never written down; a variable could be read by everybody of this user, in /proc.
        _programs[step.Host] = new LabProgram(step.Host, _network[step.Host], start, $"FAILOVERLAB_PSK={_key}\n\n", Path.Combine(logs, step.Name), OnEvent, OnExit);
    }

    /// <summary>Waits until every program has said that it is armed.</summary>
    /// <exception cref="LabException">One ended, or did not say so in time.</exception>
    public void WaitUntilArmed()
    {
        var all = Task.WhenAll(_programs.Values.Select(p => p.Armed));
        try
        {
            if (!all.Wait(ArmTimeout))
            {
                var late = _programs.Where(p => !p.Value.Armed.IsCompleted).Select(p => p.Key);
                throw new LabException($"not ready after {ArmTimeout.TotalSeconds:0} s: {string.Join(", ", late)}");
            }
        }
        catch (AggregateException failures)
        {
            throw new LabException(string.Join("; ", failures.Flatten().InnerExceptions.Select(e => e.Message)), failures);
        }
    }

    public void Start(string host)
    {
        try
        {
            Program(host).OpenGate();
        }
        catch (IOException failure)
        {
            throw new StepFailedException($"the program on {host} is gone: {failure.Message}", failure);
        }
    }

    public void Signal(string host, string signal) => Program(host).Signal(signal);

    public void Dispose()
    {
        foreach (var program in _programs.Values)
        {
            program.Dispose();
        }
    }

    private LabProgram Program(string host) =>
        _programs.TryGetValue(host, out var program) ? program : throw new StepFailedException($"no program of the failover stack runs on {host}");

    private void OnEvent(LabProgram program, string line)
    {
        if (StackLine.TryRead(program.Host, line, offsetNs: 0, out var item))
        {
            _reporter.Event(item);
        }
        else
        {
            _reporter.Fault(program.Host, $"its program printed a line that is no event: {line}");
        }
    }

    private void OnExit(LabProgram program, int status) =>
        _reporter.Event(new RunEvent
        {
            AtNs = _clock.RealtimeNs,
            Kind = program.MayEnd ? RunEventKind.Step : RunEventKind.NodeExit,
            Host = program.Host,
            Text = program.MayEnd ? "program ended as asked" : $"program ended by itself with status {status}",
            ExitStatus = status,
        });
}
