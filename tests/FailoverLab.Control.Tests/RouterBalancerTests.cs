using FailoverLab.Testing;

namespace FailoverLab.Control.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RouterBalancerTests
{
    private readonly ManualTime _time = new();
    private readonly RouterBalancer _balancer;

    public RouterBalancerTests() => _balancer = new RouterBalancer(BalancerRules.Default, _time);

    [Test]
    public void Score_TheOriginalsExample_IsAsTheFormulaSays() =>
        Assert.That(ScoreWeights.Default.Score(new RouterReport("r", "r", 25.5, 45.2, 150.3, 5, null, null)), Is.EqualTo(0.77801).Within(1e-9));

    [Test]
    public void Score_BeyondTheLimits_NeverBelowZero() =>
        Assert.That(ScoreWeights.Default.Score(new RouterReport("r", "r", 100, 100, 5000, 500, null, null)), Is.Zero);

    [Test]
    public void Decide_NoReports_Null() => Assert.That(_balancer.Decide("e"), Is.Null);

    [Test]
    public void Decide_OneRouterLeft_StillDecides()
    {
        Report("r1", cpu: 50);
        var decision = _balancer.Decide("e")!;
        Assert.That((decision.Primary.Report.RouterId, decision.Backup), Is.EqualTo(("r1", (RouterStanding?)null)));
    }

    [Test]
    public void Decide_ScoresCloserThanTheThreshold_LowerIdWhoeverReportedFirst()
    {
        Report("r2", cpu: 10);
        Report("r1", cpu: 20);
        Assert.That(Primary(), Is.EqualTo("r1"));
    }

    [Test]
    public void Decide_ClearlyBetterAtFirst_Chosen()
    {
        Report("r1", cpu: 90);
        Report("r2", cpu: 10);
        Assert.That(Primary(), Is.EqualTo("r2"));
    }

    [Test]
    public void Decide_LeadBelowThreshold_NeverMovesHoweverLongItLasts()
    {
        Settle();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Report("r1", cpu: 25);
            Report("r2", cpu: 10);
            Assert.That(Primary(), Is.EqualTo("r1"));
        }
    }

    [Test]
    public void Decide_LeadAboveThreshold_MovesOnlyAfterTheWholeHoldTimeHoweverOftenAsked()
    {
        Settle();
        for (var second = 0; second < 30; second++)
        {
            Report("r1", cpu: 80);
            Report("r2", cpu: 10);
            Assert.That(Primary(), Is.EqualTo("r1"), $"after {second} s");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var decision = _balancer.Decide("e")!;
        Assert.That((decision.Primary.Report.RouterId, decision.PreviousPrimary?.Report.RouterId, decision.Backup?.Report.RouterId), Is.EqualTo(("r2", "r1", "r1")));
        Assert.That(_balancer.Decide("e")!.PreviousPrimary, Is.Null, "told once");
    }

    [Test]
    public void Decide_LeadInterrupted_HoldBeginsAnew()
    {
        Settle();
        Report("r1", cpu: 80);
        Primary();
        _time.Advance(TimeSpan.FromSeconds(20));
        Report("r1", cpu: 10);
        Report("r2", cpu: 10);
        Primary();
        _time.Advance(TimeSpan.FromSeconds(15));
        Report("r1", cpu: 80);
        Report("r2", cpu: 10);
        Assert.That(Primary(), Is.EqualTo("r1"));
    }

    [Test]
    public void Decide_PrimaryGoneStale_ReplacedAtOnceAndShownStale()
    {
        Settle();
        _time.Advance(TimeSpan.FromSeconds(20));
        Report("r2", cpu: 10);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(Primary(), Is.EqualTo("r2"));
        Assert.That(_balancer.Standings().Select(s => (s.Report.RouterId, s.IsValid)), Is.EqualTo(new[] { ("r1", false), ("r2", true) }));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.That(_balancer.Decide("e"), Is.Null);
    }

    [Test]
    public void Decide_MoreEndpointsThanRemembered_StillAnswersAndKeepsThoseItKnows()
    {
        Settle();
        for (var i = 0; i < RouterBalancer.MaxEndpoints; i++)
        {
            _balancer.Decide($"e{i}");
        }

        Assert.That(_balancer.DecisionCount, Is.EqualTo(RouterBalancer.MaxEndpoints));
        Assert.That(_balancer.Decide("one more")?.Primary.Report.RouterId, Is.EqualTo("r1"));
        Assert.That(_balancer.DecisionCount, Is.EqualTo(RouterBalancer.MaxEndpoints));
        _time.Advance(TimeSpan.FromMinutes(61));
        Report("r1", cpu: 10);
        Assert.That(_balancer.Decide("one more")?.Primary.Report.RouterId, Is.EqualTo("r1"));
        Assert.That(_balancer.DecisionCount, Is.EqualTo(1), "who has not asked for an hour is forgotten to make room");
        Assert.That(_balancer.TakeChanges().ForgottenEndpoints, Has.Count.EqualTo(RouterBalancer.MaxEndpoints));
    }

    [Test]
    public void TakeChanges_NothingNew_EmptyHoweverOftenAsked()
    {
        Settle();
        Assert.That(_balancer.TakeChanges().Choices, Is.EqualTo(new[] { new RouterChoice("e", "r1", null) }));
        for (var i = 0; i < 100; i++)
        {
            Primary();
        }

        Assert.That(_balancer.TakeChanges().IsEmpty, "a decision that stays is not written again");
    }

    [Test]
    public void PutBack_ChangesThatCouldNotBeStored_ComeAgainAsTheyAreNow()
    {
        Settle();
        var changes = _balancer.TakeChanges();
        Report("r1", cpu: 11);
        _balancer.PutBack(changes);
        var again = _balancer.TakeChanges();
        Assert.That(again.Reports.Select(r => (r.Report.RouterId, r.Report.CpuPercent)), Is.EquivalentTo(new[] { ("r1", 11.0), ("r2", 10.0) }));
        Assert.That(again.Choices, Is.EqualTo(changes.Choices));
    }

    [Test]
    public void Restored_ClockSetBack_ReportsCountAsJustNow()
    {
        Settle();
        var kept = _balancer.TakeChanges();
        var later = new BalancerSnapshot([.. kept.Reports.Select(r => r with { At = r.At.AddHours(5) })], kept.Choices, [], []);
        var restored = new RouterBalancer(BalancerRules.Default, _time, later);
        Assert.That(restored.Standings().Select(s => s.Age), Is.All.EqualTo(TimeSpan.Zero));
    }

    private void Settle()
    {
        Report("r1", cpu: 10);
        Report("r2", cpu: 10);
        Assert.That(Primary(), Is.EqualTo("r1"));
    }

    private string? Primary() => _balancer.Decide("e")?.Primary.Report.RouterId;

    private void Report(string id, double cpu) => _balancer.Report(new RouterReport(id, id, cpu, 10, 10, 1, null, null));
}
