using FailoverLab.State;

namespace FailoverLab.Services.Tests;

public sealed class StateWriterTests
{
    [Test]
    public async Task Save_FileThatCannotBeWritten_ToldOnceAndAgainWhenItCan()
    {
        var lines = new EventLines();
        using var log = new ServiceLog(new ServiceHost(lines, TextWriter.Null, null, TimeProvider.System), "balancer");
        var isFull = true;
        var file = new MemoryStream();
        var writer = new StateWriter(file, () => Save(ref isFull), log, TimeProvider.System);
        await lines.WaitFor("state-fault");
        Volatile.Write(ref isFull, false);
        await writer.DisposeAsync();
        var told = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(told, Has.Length.EqualTo(2));
        Assert.That(told[0], Does.Contain("state-fault").And.Contain("no room"));
        Assert.That(told[1], Does.Contain("state-recovered"));
        Assert.That(file.CanRead, Is.False, "closed");
    }

    private static void Save(ref bool isFull)
    {
        if (Volatile.Read(ref isFull))
        {
            throw new StateFileException("there is no room");
        }
    }
}
