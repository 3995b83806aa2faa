namespace FailoverLab.Linux.Tests;

public sealed class FolderFlushTests
{
    [Test]
    public void ToDisk_FolderThatIsThere_IsTaken()
    {
        var folder = Directory.CreateTempSubdirectory("failoverlab-flush-");
        File.WriteAllText(Path.Combine(folder.FullName, "new"), "");

        Assert.That(() => FolderFlush.ToDisk(folder.FullName), Throws.Nothing);
        Assert.That(() => FolderFlush.ToDisk("/proc/self"), Throws.Nothing, "a file system that cannot");
        folder.Delete(recursive: true);
    }

    [Test]
    public void ToDisk_FolderThatIsNotThere_SaysSo() =>
        Assert.That(() => FolderFlush.ToDisk("/nonexistent"), Throws.TypeOf<LinuxException>().With.Message.Contains("/nonexistent"));
}
