using FailoverLab.Results;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.Hosts.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PreparingLaneTests
{
    private const long Ms = 1_000_000;

    private readonly VirtualClock _clock = new();
    private readonly List<RunEvent> _events = [];
    private readonly List<string> _done = [];
    private readonly long _startNs;

    public PreparingLaneTests() => _startNs = _clock.RealtimeNs + (10_000 * Ms);

    [Test]
    public void Run_StepsFarApart_ArePreparedAheadAndPerformedAtTheirInstants()
    {
        Run(new Preparer(this) { Preparing = 300, Performing = 5 }, Step("a", 1000), Step("b", 9000));

        Assert.That(_done, Is.EqualTo(new[] { "prepare a -4000", "perform a 1000", "prepare b 4000", "perform b 9000" }));
        Assert.That(_events.Select(e => (e.StartedNs - e.PlannedNs, e.AcknowledgedNs - e.PlannedNs)), Is.All.EqualTo(((long?)0, (long?)(5 * Ms))));
    }

    [Test]
    public void Run_StepsCloserThanPreparingTakes_ArePreparedAtOnceAndSayHowLate()
    {
        Run(new Preparer(this) { Preparing = 300, Performing = 50 }, Step("a", 0), Step("b", 100));

        Assert.That(_done, Is.EqualTo(new[] { "prepare a -5000", "perform a 0", "prepare b 50", "perform b 350" }));
        Assert.That(_events[1].StartedNs - _events[1].PlannedNs, Is.EqualTo(250 * Ms));
    }

    [Test]
    public void Run_StepsCloserThanTheLead_AreOnTimeWhenPreparingIsQuickEnough()
    {
        Run(new Preparer(this) { Preparing = 300, Performing = 50 }, Step("a", 0), Step("b", 400));

        Assert.That(_done, Is.EqualTo(new[] { "prepare a -5000", "perform a 0", "prepare b 50", "perform b 400" }));
    }

    [Test]
    public void Stop_BetweenPreparedAndInstant_CallsOffAndDropsTheRest()
    {
        PreparingLane? lane = null;
        var preparer = new Preparer(this) { OnPrepared = _ => lane!.Stop() };
        lane = Make(preparer, Step("a", 0), Step("b", 10));

        lane.Run(_startNs, _clock.RealtimeNs);

        Assert.That(_done, Is.EqualTo(new[] { "prepare a -5000", "call off a" }));
        Assert.That(_events, Is.Empty);
    }

    [Test]
    public void Run_PreparingFails_IsToldAtOnceWithoutAStartAndTheLaneGoesOn()
    {
        Run(new Preparer(this) { Unpreparable = "a" }, Step("a", 0), Step("b", 100));

        Assert.That(_events.Select(e => (e.Kind, e.StartedNs is null)), Is.EqualTo(new[] { (RunEventKind.Fault, true), (RunEventKind.Step, false) }));
        Assert.That(_events[0].Text, Is.EqualTo("do a: failed: no room"));
        Assert.That(_done, Does.Not.Contain("perform a 0").And.Contain("perform b 100"));
    }

    [Test]
    public void Run_PerformingFails_IsAFaultWithAStartAndNoAcknowledgement()
    {
        Run(new Preparer(this) { Unperformable = "a" }, Step("a", 0), Step("b", 100));

        Assert.That(_events.Select(e => (e.Kind, e.StartedNs - e.PlannedNs, e.AcknowledgedNs is null)), Is.EqualTo(new[] { (RunEventKind.Fault, (long?)0, true), (RunEventKind.Step, 0, false) }));
    }

    [TestCase("a", null, true)]
    [TestCase(null, "a", false)]
    public void Run_ExceptionThatIsNoStepsOwn_IsThatStepsFailureAndTheLaneGoesOn(string? unpreparable, string? unperformable, bool isUnstarted)
    {
        Run(new Preparer(this) { Unpreparable = unpreparable, Unperformable = unperformable, Failure = new KeyNotFoundException("a bug") }, Step("a", 0), Step("b", 100));

        Assert.That(_events.Select(e => (e.Kind, e.StartedNs is null)), Is.EqualTo(new[] { (RunEventKind.Fault, isUnstarted), (RunEventKind.Step, false) }));
        Assert.That(_events[0].Text, Is.EqualTo("do a: failed: KeyNotFoundException: a bug"));
    }

    [Test]
    public void Stop_CannotBeCalledOff_IsToldAndTheLaneEnds()
    {
        PreparingLane? lane = null;
        lane = Make(new Preparer(this) { OnPrepared = _ => lane!.Stop(), Failure = new InvalidOperationException("stuck"), IsStuck = true }, Step("a", 0), Step("b", 10));

        lane.Run(_startNs, _clock.RealtimeNs);

        Assert.That(_events.Select(e => (e.Kind, e.Step, e.Text)), Is.EqualTo(new[] { (RunEventKind.Fault, "a", "do a: could not be called off: InvalidOperationException: stuck") }));
    }

    [Test]
    public void Run_WallClockSteps_KeepsThePlan()
    {
        var beginNs = _clock.MonotonicNs;

        Run(new Preparer(this) { OnPrepared = _ => _clock.RealtimeOffsetNs += 3_600_000 * Ms }, Step("a", 0));

        Assert.That(_clock.MonotonicNs - beginNs, Is.EqualTo(10_000 * Ms));
    }

    private void Run(Preparer preparer, params StepPlan[] steps) => Make(preparer, steps).Run(_startNs, _clock.RealtimeNs);

    private PreparingLane Make(Preparer preparer, params StepPlan[] steps) => new(steps, preparer, TimeSpan.FromSeconds(5), _clock, _events.Add);

    private static StepPlan Step(string name, int atMs) => SampleStep.At(atMs, name);

    private sealed class Preparer(PreparingLaneTests test) : IStepPreparer
    {
        public int Preparing { get; init; }

        public int Performing { get; init; }

        public string? Unpreparable { get; init; }

        public string? Unperformable { get; init; }

        public bool IsStuck { get; init; }

        public Exception? Failure { get; init; }

        public Action<string>? OnPrepared { get; init; }

        public IPreparedStep Prepare(StepPlan step, long plannedRealtimeNs)
        {
            Note($"prepare {step.Name}");
            test._clock.Advance(TimeSpan.FromMilliseconds(Preparing));
            OnPrepared?.Invoke(step.Name);
            return step.Name == Unpreparable ? throw Failure ?? new StepFailedException("no room") : new Prepared(this, step.Name);
        }

        private void Note(string what) => test._done.Add($"{what} {(test._clock.RealtimeNs - test._startNs) / Ms}");

        private sealed class Prepared(Preparer preparer, string name) : IPreparedStep
        {
            public StepAct Perform()
            {
                var (test, startedNs) = (preparer.Test, preparer.Test._clock.RealtimeNs);
                preparer.Note($"perform {name}");
                test._clock.Advance(TimeSpan.FromMilliseconds(preparer.Performing));
                return name == preparer.Unperformable ? throw preparer.Failure ?? new StepFailedException("refused") : new StepAct(startedNs, test._clock.RealtimeNs);
            }

            public void CallOff()
            {
                preparer.Test._done.Add($"call off {name}");
                if (preparer.IsStuck)
                {
                    throw preparer.Failure!;
                }
            }
        }

        private PreparingLaneTests Test => test;
    }
}
