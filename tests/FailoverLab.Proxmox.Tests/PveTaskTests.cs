using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Tasks: their names, their ends, waiting for them.</summary>
public sealed class PveTaskTests : FakeHostTests
{
    [Test]
    public void Upid_OfAHost_IsTakenApart()
    {
        var upid = Upid.Parse("UPID:pve-1:FFFFFFFF:0123ABCDE:6920A0B0:qmstart:101:lab@pve!failover:")!;
        Assert.That((upid.Node, upid.Pid, upid.Type, upid.Id, upid.User), Is.EqualTo(("pve-1", 4294967295L, "qmstart", "101", "lab@pve!failover")));
        Assert.That(upid.StartedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(0x6920A0B0)));
        Assert.That(Upid.Parse("UPID:pve:00000001:00000001:00000001:srvreload::root@pam:")!.Id, Is.Empty);
    }

    [TestCase("")]
    [TestCase("UPID:pve1:1:2:3:qmstart:101:lab@pve:")]
    [TestCase("UPID:pve1/..:000A1B2C:0123ABCD:6920A0B0:qmstart:101:lab@pve:")]
    [TestCase("UPID:pve1:000A1B2C:0123ABCD:6920A0B0:qmstart:101:lab@pve")]
    [TestCase("UPID:pve1:000A1B2C:0123ABCD:6920A0B0:qmstart:101:lab@pve:\n")]
    public void Upid_OfAnotherForm_IsNone(string text) => Assert.That(Upid.Parse(text), Is.Null);

    [TestCase("OK", true, 0)]
    [TestCase("WARNINGS: 3", true, 3)]
    [TestCase("WARNINGS: none", false, 0)]
    [TestCase("start failed: exit code 1", false, 0)]
    [TestCase("", false, 0)]
    public void End_InTheHostsWords_IsUnderstood(string status, bool isSuccess, int warnings)
    {
        var end = new TaskEnd(Upid.Parse("UPID:pve:00000001:00000001:00000001:x::root@pam:")!, status, []);
        Assert.That((end.IsSuccess, end.Warnings), Is.EqualTo((isSuccess, warnings)));
    }

    [Test]
    public async Task Wait_ForATaskThatRuns_EndsWithItAndTheEndOfItsLog()
    {
        Host.TaskPolls = 2;
        Host.TaskEnds.Enqueue("WARNINGS: 1");
        var end = await Machine().ResetAsync(None);
        Assert.That((end.Warnings, end.Log.Count, end.Log[^1]), Is.EqualTo((1, TaskEnd.MaxLines, "TASK ERROR: WARNINGS: 1")));
        Assert.That(Host.Requests.Count(r => r.Path.EndsWith("/status", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task Wait_ForATaskThatFails_SaysHowAndWhatItPrinted()
    {
        Host.TaskEnds.Enqueue("start failed: no tap");
        Host.Machines[101].IsRunning = false;
        var failed = await Thrown.ByAsync(() => Machine().StartAsync(None));
        Assert.That((failed.Fault, failed.Message), Is.EqualTo((PveFault.TaskFailed, "qmstart of 101: start failed: no tap")));
        Assert.That(failed.Hint, Does.EndWith("step 60 / TASK ERROR: start failed: no tap"));
    }

    [Test]
    public async Task Wait_ForATaskThatWasKilled_DoesNotTakeSilenceForSuccess()
    {
        Host.TaskEnds.Enqueue("");
        var failed = await Thrown.ByAsync(() => Machine().ResetAsync(None));
        Assert.That((failed.Fault, failed.Message), Is.EqualTo((PveFault.TaskFailed, "qmreset of 101: it ended without saying how")));
    }

    [Test]
    public async Task Wait_LongerThanAllowed_EndsAndSaysThatTheTaskGoesOn()
    {
        Host.TaskPolls = int.MaxValue;
        Host.Faults.Add(new FakeFault(AdvanceWhenAsked, _ => Task.CompletedTask));
        var failed = await Thrown.ByAsync(() => Machine().ResetAsync(None));
        Assert.That((failed.Fault, failed.Message), Is.EqualTo((PveFault.TimedOut, "qmreset of 101 has not ended within 120 s and goes on")));
    }

    private bool AdvanceWhenAsked(FakeRequest request)
    {
        Host.Time.Advance(request.Path.Contains("/tasks/", StringComparison.Ordinal) ? PveMachine.TaskTimeout : TimeSpan.Zero);
        return false;
    }
}
