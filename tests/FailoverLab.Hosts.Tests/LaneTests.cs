using FailoverLab.Results;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.Hosts.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LaneTests
{
    private readonly VirtualClock _clock = new();
    private readonly List<RunEvent> _events = [];

    [Test]
    public void Run_StepsInTime_StartAtTheirPlannedInstants()
    {
        var start = _clock.RealtimeNs + 1_000_000_000;
        var lane = Make(new Recorder(_clock), Step("a", 0), Step("b", 1500), Step("c", 1500), Step("d", 4000));

        lane.Run(start, _clock.RealtimeNs);

        Assert.That(_events.Select(e => e.StartedNs - start), Is.EqualTo(new long?[] { 0, 1_500_000_000, 1_500_000_000, 4_000_000_000 }));
        Assert.That(_events.Select(e => e.PlannedNs), Is.EqualTo(_events.Select(e => e.StartedNs)));
    }

    [Test]
    public void Run_StepFails_ReportsItAndGoesOn()
    {
        var lane = Make(new Recorder(_clock) { Fails = "a" }, Step("a", 0), Step("b", 100));

        lane.Run(_clock.RealtimeNs, _clock.RealtimeNs);

        Assert.That(_events.Select(e => e.Kind), Is.EqualTo(new[] { RunEventKind.Fault, RunEventKind.Step }));
        Assert.That(_events[0].AcknowledgedNs, Is.Null);
        Assert.That(_events[0].Text, Does.Contain("no such thing"));
    }

    [Test]
    public void Run_SlowStep_ShowsTheNextOneLate()
    {
        var start = _clock.RealtimeNs;
        var lane = Make(new Recorder(_clock) { Takes = TimeSpan.FromMilliseconds(30) }, Step("a", 0), Step("b", 10));

        lane.Run(start, start);

        Assert.That(_events[1].StartedNs - _events[1].PlannedNs, Is.EqualTo(20_000_000));
    }

    [Test]
    public void Run_WallClockSteps_KeepsThePlan()
    {
        var recorder = new Recorder(_clock) { OnStep = name => _clock.RealtimeOffsetNs += name == "a" ? 3_600_000_000_000 : 0 };
        var lane = Make(recorder, Step("a", 0), Step("b", 1000));
        var begin = _clock.MonotonicNs;

        lane.Run(_clock.RealtimeNs, _clock.RealtimeNs);

        Assert.That(_clock.MonotonicNs - begin, Is.EqualTo(1_000_000_000));
    }

    [Test]
    public void Stop_BeforeAStep_DropsTheRest()
    {
        Lane? lane = null;
        var recorder = new Recorder(_clock) { OnStep = _ => lane!.Stop() };
        lane = Make(recorder, Step("a", 0), Step("b", 10));

        lane.Run(_clock.RealtimeNs, _clock.RealtimeNs);

        Assert.That(_events.Select(e => e.Step), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Run_StepsThatCanBeLaidReady_AreSoBeforeTheirInstantAndTellTheirOwnTimes()
    {
        var start = _clock.RealtimeNs + 1_000_000_000;
        var dueNs = _clock.MonotonicNs + 2_500_000_000;
        var recorder = new Recorder(_clock) { Takes = TimeSpan.FromMilliseconds(7), Prepares = "bc" };
        var lane = Make(recorder, Step("a", 0), Step("b", 1500), Step("c", 1500), Step("d", 1500));

        lane.Run(start, _clock.RealtimeNs);

        Assert.That(recorder.Prepared, Is.EqualTo(new[] { ("b", dueNs - 20_000_000, dueNs), ("c", dueNs - 20_000_000, dueNs) }));
        Assert.That(_events.Select(e => (e.Step, (e.StartedNs - e.PlannedNs) / 1_000_000)), Is.EqualTo(new (string?, long?)[] { ("a", 0), ("b", 3), ("c", 3), ("d", 0) }));
        Assert.That(_events[1].AcknowledgedNs - _events[1].PlannedNs, Is.EqualTo(4_000_000));
    }

    [Test]
    public void Stop_BetweenReadyAndInstant_CallsOff()
    {
        Lane? lane = null;
        var recorder = new Recorder(_clock) { Prepares = "a", OnPrepare = () => lane!.Stop() };
        lane = Make(recorder, Step("a", 1000));

        lane.Run(_clock.RealtimeNs, _clock.RealtimeNs);

        Assert.That((recorder.CalledOff, _events.Count), Is.EqualTo((1, 0)));
    }

    [TestCase("a", "", "do a: failed: KeyNotFoundException: a bug")]
    [TestCase("", "a", "do a: failed: InvalidOperationException: a bug")]
    public void Run_ExceptionThatIsNoStepsOwn_IsThatStepsFailureAndTheLaneGoesOn(string perform, string prepare, string text)
    {
        var recorder = new Recorder(_clock)
        {
            OnStep = name => _ = name == perform ? throw new KeyNotFoundException("a bug") : 0,
            Prepares = prepare,
            OnPrepare = () => throw new InvalidOperationException("a bug"),
        };
        var lane = Make(recorder, Step("a", 0), Step("b", 0), Step("c", 100));

        lane.Run(_clock.RealtimeNs, _clock.RealtimeNs);

        Assert.That(_events.Select(e => (e.Step, e.Kind)), Is.EqualTo(new[] { ("a", RunEventKind.Fault), ("b", RunEventKind.Step), ("c", RunEventKind.Step) }));
        Assert.That((_events[0].Text, _events[0].AcknowledgedNs), Is.EqualTo((text, (long?)null)));
    }

    [Test]
    public void Stop_OneCannotBeCalledOff_OthersAreAndItIsTold()
    {
        Lane? lane = null;
        var calls = 0;
        var recorder = new Recorder(_clock) { Prepares = "ab", OnPrepare = () => lane!.Stop(), OnCallOff = () => _ = calls++ == 0 ? throw new InvalidOperationException("stuck") : 0 };
        lane = Make(recorder, Step("a", 1000), Step("b", 1000));

        lane.Run(_clock.RealtimeNs, _clock.RealtimeNs);

        Assert.That(calls, Is.EqualTo(2));
        Assert.That(_events.Select(e => e.Text), Is.EqualTo(new[] { "do a: could not be called off: InvalidOperationException: stuck" }));
    }

    private Lane Make(IStepPerformer performer, params StepPlan[] steps) => new(steps, performer, _clock, _events.Add);

    private static StepPlan Step(string name, int atMs) => SampleStep.At(atMs, name);

    private sealed class Recorder(VirtualClock clock) : IStepPerformer
    {
        public string? Fails { get; init; }

        public TimeSpan Takes { get; init; }

        public string Prepares { get; init; } = "";

        public Action<string>? OnStep { get; init; }

        public Action? OnPrepare { get; init; }

        public Action? OnCallOff { get; init; }

        public List<(string Step, long AtNs, long DueNs)> Prepared { get; } = [];

        public int CalledOff { get; private set; }

        public IPreparedStep? Prepare(StepPlan step, long dueMonotonicNs)
        {
            if (!Prepares.Contains(step.Name, StringComparison.Ordinal))
            {
                return null;
            }

            OnPrepare?.Invoke();
            Prepared.Add((step.Name, clock.MonotonicNs, dueMonotonicNs));
            var dueNs = dueMonotonicNs + clock.RealtimeOffsetNs;
            return new Ready(new StepAct(dueNs + 3_000_000, dueNs + 4_000_000), () =>
            {
                CalledOff++;
                OnCallOff?.Invoke();
            });
        }

        public long Perform(StepPlan step, long plannedRealtimeNs)
        {
            OnStep?.Invoke(step.Name);
            clock.Advance(Takes);
            return step.Name == Fails ? throw new StepFailedException("no such thing") : clock.RealtimeNs;
        }
    }

    private sealed class Ready(StepAct act, Action callOff) : IPreparedStep
    {
        public StepAct Perform() => act;

        public void CallOff() => callOff();
    }
}
