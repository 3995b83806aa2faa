namespace FailoverLab.Runner.Tests;

public sealed class RunDirectoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private string _root = "";

    [SetUp]
    public void SetUp() => _root = System.IO.Directory.CreateTempSubdirectory("failoverlab-").FullName;

    [TearDown]
    public void TearDown() => System.IO.Directory.Delete(_root, recursive: true);

    [Test]
    public void Create_SameSecondTwice_MakesTwoDirectories()
    {
        var first = RunDirectory.Create(_root, "drop", Noon);
        var second = RunDirectory.Create(_root, "drop", Noon);

        Assert.That(first.RunId, Is.EqualTo("20260102-120000-drop"));
        Assert.That(second.RunId, Is.EqualTo("20260102-120000-drop-2"));
        Assert.That(new FileInfo(Path.Combine(_root, "latest")).LinkTarget, Is.EqualTo(second.RunId));
    }

    [Test]
    public async Task Create_ManyAtTheSameMoment_EachHasItsOwn()
    {
        using var start = new Barrier(16);
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return RunDirectory.Create(_root, "drop", Noon).Path;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.That(made, Is.Unique);
    }

    [Test]
    public void Keep_FileWithSecret_KeepsACopyWithout()
    {
        var source = Path.Combine(_root, "hosts.yaml");
        File.WriteAllText(source, "version: 1\npassword: canary-7431\n");
        var directory = RunDirectory.Create(_root, "drop", Noon);

        directory.Keep(source, "hosts.yaml");

        Assert.That(File.ReadAllText(directory.File("hosts.yaml")), Does.Not.Contain("canary-7431").And.Contain("version: 1"));
    }

    [Test]
    public void ReleaseReserve_Always_LeavesNothingBehind()
    {
        var directory = RunDirectory.Create(_root, "drop", Noon);

        directory.ReleaseReserve();

        Assert.That(System.IO.Directory.EnumerateFileSystemEntries(directory.Path), Is.Empty);
    }
}
