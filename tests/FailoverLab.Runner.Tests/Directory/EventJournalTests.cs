using FailoverLab.Results;

namespace FailoverLab.Runner.Tests;

public sealed class EventJournalTests
{
    [Test]
    public void Append_Events_AreOneLineEach()
    {
        var file = Path.Combine(System.IO.Directory.CreateTempSubdirectory("failoverlab-").FullName, "events.ndjson");
        using (var journal = new EventJournal(file))
        {
            journal.Append(new RunEvent { AtNs = 1, Kind = RunEventKind.NodeExit, Text = "two\nlines", Host = "router-1" });
            journal.Append(new RunEvent { AtNs = 2, Kind = RunEventKind.Run, Text = "stopped" });
        }

        Assert.That(File.ReadAllLines(file), Is.EqualTo(new[]
        {
            """{"atNs":1,"kind":"node-exit","host":"router-1","text":"two\nlines"}""",
            """{"atNs":2,"kind":"run","text":"stopped"}""",
        }));
    }

    [Test]
    public void Append_DiskFull_KeepsEventsAndSaysWhy()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Ignore("/dev/full is missing on this machine");
        }

        using var journal = new EventJournal("/dev/full");
        journal.Append(new RunEvent { AtNs = 1, Kind = RunEventKind.Run, Text = "started" });
        journal.Append(new RunEvent { AtNs = 2, Kind = RunEventKind.Run, Text = "stopped" });

        Assert.That(journal.Fault, Does.Contain("No space left"));
        Assert.That(journal.Events, Has.Count.EqualTo(2));
    }
}
