using FailoverLab.Hosts;
using FailoverLab.Linux;

namespace FailoverLab.Restoration.Tests;

/// <summary>Changes in two phases on a host that is files, this machine's shell being the way to it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PreparedActTests : IDisposable
{
    private readonly FileHost _host = new();
    private readonly LocalShell _shell = new("h");
    private LabRestoration? _lab;
    private LabGuard? _guard;

    public PreparedActTests() => _host["wan"] = "good";

    public void Dispose() => _host.Dispose();

    [TearDown]
    public async Task End() => await (_lab?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Act_AtItsInstant_IsMadeByThePreparedFileAndStampedThere()
    {
        var prepared = await PrepareAsync("lossy");
        Assert.That(_host["wan"], Is.EqualTo("good"), "nothing is in effect yet");
        Assert.That(Kinds(), Is.EqualTo(new[] { JournalRecordKind.Intent }), "it is announced");
        Assert.That(File.Exists(Path.Combine(_host.Root, "runs", "run-1", "00001", "undo.sh")), Is.True, "its undo lies ready");

        var beforeNs = SystemClock.Shared.RealtimeNs;
        var at = (await prepared.ActAsync())!;
        Assert.That(_host["wan"], Is.EqualTo("lossy"));
        Assert.That((beforeNs - 1_000_000 <= at.NotBeforeNs, at.NotBeforeNs <= at.AtNs, at.AtNs <= SystemClock.Shared.RealtimeNs), Is.EqualTo((true, true, true)));
        await prepared.FinishAsync(CancellationToken.None);
        await prepared.DisposeAsync();

        Assert.That(Kinds(), Is.EqualTo(new[] { JournalRecordKind.Intent, JournalRecordKind.Done }));
        Assert.That((await _lab!.RestoreAsync()).IsRestored, Is.True);
        Assert.That(_host["wan"], Is.EqualTo("good"));
    }

    [Test]
    public async Task Dispose_BeforeItsInstant_NothingIsDoneAndTheUndoIsHarmless()
    {
        var prepared = await PrepareAsync("lossy");
        await prepared.DisposeAsync();

        Assert.That(_host["wan"], Is.EqualTo("good"));
        Assert.That((await _lab!.RestoreAsync()).IsRestored, Is.True);
        Assert.That((_host["wan"], _host.Undos()), Is.EqualTo(("good", Array.Empty<string>())), "there was nothing to undo");
    }

    [Test]
    public async Task Act_AfterTheHostPutItselfBack_IsRefused()
    {
        var prepared = await PrepareAsync("lossy");
        File.WriteAllText(Path.Combine(_host.Root, "runs", "run-1", "lease"), "0                    10        \n");

        Assert.That(async () => await prepared.ActAsync(), Throws.TypeOf<StepHostException>().With.Message.Contains("put itself back"));
        Assert.That(_host["wan"], Is.EqualTo("good"));
        await prepared.DisposeAsync();
    }

    [Test]
    public async Task Act_AfterUndoingHasBegun_IsRefused()
    {
        var prepared = await PrepareAsync("lossy", aheadMs: 900);
        var undone = await _shell.RunAsync(new ShellCommand("sh", Path.Combine(_host.Root, "runs", "run-1", "guard.sh"), "undo", _host.Root, "run-1", "00001"), CancellationToken.None);

        Assert.That(undone.Output, Does.StartWith("restored"));
        Assert.That(async () => await prepared.ActAsync(), Throws.TypeOf<StepHostException>(), "the run still holds its lease, but what was undone must stay so");
        Assert.That(_host["wan"], Is.EqualTo("good"));
        await prepared.DisposeAsync();
    }

    [Test]
    public async Task Act_ProgramFails_SaysSoAndRunsNoFurther()
    {
        await ArmAsync();
        var shell = (IPreparingShell)_guard!.Fenced;
        await using var act = await shell.PrepareAsync(
            [new ActBatch("sh", "-e", "echo ab@cd; echo no such link >&2; exit 5\n"), new ActBatch("sh", "-e", $"echo spoilt >'{_host.FileOf("wan")}'\n")],
            new Dictionary<string, string>(), SystemClock.Shared.RealtimeNs, CancellationToken.None);
        var (result, _) = await act.ActAsync();

        Assert.That((result.Status, result.Output, result.Error.Trim()), Is.EqualTo((5, "ab@cd", "no such link")));
        Assert.That(_host["wan"], Is.EqualTo("good"));
    }

    [Test]
    public async Task Act_TwoOfOneHostAtOnce_HoldNeitherUp()
    {
        await ArmAsync();
        await using var waiting = await LayAsync($"until grep -q lossy '{_host.FileOf("wan")}'; do sleep 0.01; done");
        var first = waiting.ActAsync();

        // The first ends only when the second was made, which it could not be were they to take turns.
        await using var second = await LayAsync($"echo lossy >'{_host.FileOf("wan")}'");
        Assert.That((await second.ActAsync()).Result.IsSuccess, Is.True);
        Assert.That((await first).Result.IsSuccess, Is.True);
    }

    private Task<IPreparedAct> LayAsync(string script) => ((IPreparingShell)_guard!.Fenced).PrepareAsync(
        [new ActBatch("sh", "-e", script)], new Dictionary<string, string>(), SystemClock.Shared.RealtimeNs, CancellationToken.None);

    private async Task ArmAsync()
    {
        _lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        _guard = await _lab.ArmAsync(_shell, _host.Options(), CancellationToken.None);
    }

    private async Task<IPreparedLink> PrepareAsync(string value, int aheadMs = 100)
    {
        await ArmAsync();
        var atNs = SystemClock.Shared.RealtimeNs + (aheadMs * 1_000_000L);
        return await _guard!.PrepareAsync(
            _host.Intent("wan"),
            async () => new BatchLink(await ((IPreparingShell)_guard!.Fenced).PrepareAsync(
                [new ActBatch("sh", "-e", $"echo {value} >'{_host.FileOf("wan")}'\n")], new Dictionary<string, string>(), atNs, CancellationToken.None)),
            CancellationToken.None);
    }

    private JournalRecordKind[] Kinds() =>
        [.. JournalContent.Parse(File.ReadAllBytes(Path.Combine(_host.RunDirectory, "restoration.ndjson"))).Records.Select(r => r.Kind).Where(k => k is JournalRecordKind.Intent or JournalRecordKind.Done)];
}
