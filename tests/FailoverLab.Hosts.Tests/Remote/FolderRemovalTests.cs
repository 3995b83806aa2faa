namespace FailoverLab.Hosts.Tests;

public sealed class FolderRemovalTests
{
    [Test]
    public void Of_SomethingStillWritesThere_IsTriedAgain()
    {
        var (tries, pauses) = (0, 0);

        var isGone = FolderRemoval.Of(() => throw (++tries < 3 ? new IOException("Directory not empty") : new DirectoryNotFoundException()), () => pauses++);

        Assert.That((isGone, tries, pauses), Is.EqualTo((true, 3, 2)));
    }

    [Test]
    public void Of_NeverPossible_GivesUpWithoutAnException() =>
        Assert.That(FolderRemoval.Of(() => throw new UnauthorizedAccessException(), () => { }), Is.False);
}
