using System.Text;
using FailoverLab.Hosts;
using FailoverLab.Primitives;

namespace FailoverLab.Restoration.Tests;

public sealed class JournalTests
{
    [Test]
    public void Append_EveryKind_ComesBackAsItWas()
    {
        using var host = new FileHost();
        using var journal = host.Begin();
        host["a"] = "old";
        var intent = host.Intent("a") with { Words = "quotes ' \" and\nlines", State = "{\"x\":1}" };
        journal.Announce(new JournalRecord { Kind = JournalRecordKind.Host, Host = "h", Reach = new HostReach("local", ["ip", "netns"], "/run/x") });
        journal.Announce(new JournalRecord { Kind = JournalRecordKind.Intent, Host = "h", Change = 1, Intent = intent, State = "[1 0]\nold" });
        journal.Note(new JournalRecord { Kind = JournalRecordKind.Done, Host = "h", Change = 1, State = "new" });

        var read = JournalContent.Read(Path.Combine(host.RunDirectory, RestorationJournal.FileName));

        Assert.That(read.Records.Select(r => r.Kind), Is.EqualTo((JournalRecordKind[])[JournalRecordKind.Opened, JournalRecordKind.Host, JournalRecordKind.Intent, JournalRecordKind.Done]));
        Assert.That(read.Records[2].Intent!.Undo[0].Arguments, Is.EqualTo(intent.Undo[0].Arguments));
        Assert.That(read.Records[2].Intent!.ToSnapshot().State, Is.EqualTo(intent.State));
        Assert.That(read.Records[1].Reach!.Prefix, Is.EqualTo((string[])["ip", "netns"]));
        Assert.That(File.ReadAllBytes(host.State.JournalOf("lab", "run-1")), Is.EqualTo(File.ReadAllBytes(Path.Combine(host.RunDirectory, RestorationJournal.FileName))));
    }

    [Test]
    public void Parse_CutAtEveryByte_LosesTheLastRecordAtMost()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 4).Select(n => JournalLine.Write(Record(n)) + "\n")));
        var ends = Enumerable.Range(0, bytes.Length).Where(n => bytes[n] == '\n').ToList();

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var read = JournalContent.Parse(bytes.AsSpan(0, cut));

            // The line end itself carries nothing: a record is whole without it.
            Assert.That(read.Records, Has.Count.EqualTo(ends.Count(e => e <= cut)), $"cut at {cut}");
            Assert.That(read.Damage, Is.Empty);
        }
    }

    [Test]
    public void Parse_AnyByteChanged_IsNeverReadAsSomethingElse()
    {
        var random = new SeededRandom(31);
        var records = Enumerable.Range(1, 3).Select(Record).ToList();
        var bytes = Encoding.UTF8.GetBytes(string.Concat(records.Select(r => JournalLine.Write(r) + "\n")));
        for (var n = 0; n < 2_000; n++)
        {
            var changed = bytes.ToArray();
            var at = random.Next(changed.Length);
            changed[at] ^= (byte)(1 << random.Next(8));

            var read = JournalContent.Parse(changed);

            Assert.That(read.Records.Select(r => r.Words), Is.SubsetOf(records.Select(r => r.Words)), $"seed 31, byte {at}");
            Assert.That(read.Records.Count == 3 || read.EndsTorn || read.Damage.Count > 0, Is.True, $"seed 31, byte {at}");
        }
    }

    [Test]
    public void Resume_AfterATornLine_GoesOnWithoutAGap()
    {
        using var host = new FileHost();
        var path = host.State.JournalOf("lab", "run-1");
        using (var journal = host.Begin())
        {
            journal.Note(new JournalRecord { Kind = JournalRecordKind.Failed, Host = "h", Change = 1 });
        }

        File.AppendAllText(path, JournalLine.Write(Record(3))[..40]);
        var (resumed, content) = RestorationJournal.Resume(path, TimeProvider.System);
        using (resumed)
        {
            resumed.Note(new JournalRecord { Kind = JournalRecordKind.Restored, Host = "h", Change = 1 });
        }

        var read = JournalContent.Read(path);
        Assert.That(content.EndsTorn, Is.True);
        Assert.That(read.Records.Select(r => r.Seq), Is.EqualTo((long[])[1, 2, 3]));
        Assert.That(read.Damage, Is.Empty);
        Assert.That(read.EndsTorn, Is.False);
    }

    [Test]
    public void Announce_SecondFileIsFullForAWhile_NeitherFileReadsAsDamaged([Values] bool canBeMadeShorter)
    {
        using var host = new FileHost();
        var files = new List<FillingFile>();
        using var journal = host.Begin(path =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            files.Add(new FillingFile(path));
            return new JournalFile(path, files[^1]);
        });
        files[1].IsFull = true;
        files[0].IsStuck = !canBeMadeShorter;

        Assert.That(() => journal.Announce(Record(1)), Throws.TypeOf<StepHostException>());
        journal.Note(Record(1));
        files[1].IsFull = files[0].IsStuck = false;
        journal.Announce(Record(2));

        // Whoever recovers reads the first file; the second may have a gap where the first could not be made shorter.
        var read = JournalContent.Read(host.State.JournalOf("lab", "run-1"));
        Assert.That(read.Damage, Is.Empty);
        Assert.That(read.Records[^1].Words, Is.EqualTo("words 2"));
        Assert.That(JournalContent.Read(Path.Combine(host.RunDirectory, RestorationJournal.FileName)).Damage, canBeMadeShorter ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public void Parse_ARecordMissingInTheMiddle_IsDamage()
    {
        var text = JournalLine.Write(Record(1)) + "\n" + JournalLine.Write(Record(3)) + "\n";

        Assert.That(JournalContent.Parse(Encoding.UTF8.GetBytes(text)).Damage, Has.Count.EqualTo(1));
    }

    [Test]
    public void Begin_FoldersAreNotThereYet_EachIsFlushedBeforeAnythingIsAnnounced()
    {
        using var host = new FileHost();
        var flushed = new List<(string Folder, int Files, long Bytes)>();
        using var journal = host.Begin(path => new JournalFile(path, isAlone: false, folder =>
            flushed.Add((folder, Directory.GetFileSystemEntries(folder).Length, Directory.GetFiles(folder).Sum(f => new FileInfo(f).Length)))));

        // The state folder and the lab's below it were made, so three folders got an entry; the run directory was there.
        Assert.That(flushed, Is.EqualTo(((string, int, long)[])
        [
            (Path.GetDirectoryName(host.State.JournalOf("lab", "run-1"))!, 1, 0), (host.State.Path, 1, 0), (host.Path, 2, 0), (host.RunDirectory, 1, 0),
        ]), "with the new entry in it, before the first record");
        Assert.That(new FileInfo(host.State.JournalOf("lab", "run-1")).Length, Is.GreaterThan(0));
    }

    [Test]
    public void Begin_FolderThatCannotBeFlushed_IsRefused()
    {
        using var host = new FileHost();

        Assert.That(
            () => host.Begin(path => new JournalFile(path, isAlone: false, folder => throw new IOException($"{folder} is on a broken disk"))),
            Throws.TypeOf<StepHostException>().With.Message.Contains("broken disk").And.Message.Contains("nothing was changed"));
    }

    [Test]
    public void Begin_StateFolderThatCannotBeMade_IsRefused()
    {
        using var host = new FileHost();
        File.WriteAllText(host.State.Path, "a file where the folder should be");

        Assert.That(() => host.Begin(), Throws.TypeOf<StepHostException>().With.Message.Contains("nothing was changed"));
    }

    [Test]
    public void JournalOf_NamesMadeToEscape_StayInTheFolder()
    {
        var folder = new StateFolder("/state");

        foreach (var name in (string[])["..", "../../etc", "/etc/passwd", "a\0b", "-rf", "", "ü", ".hidden"])
        {
            var path = folder.JournalOf(name, name);

            Assert.That(Path.GetFullPath(path), Is.EqualTo(path));
            Assert.That(path.Split('/'), Has.Length.EqualTo(4), name);
            Assert.That(path.Split('/')[2], Does.Not.StartWith("-").And.Not.StartWith("."));
        }
    }

    private static JournalRecord Record(int seq) => new() { Seq = seq, Kind = JournalRecordKind.Done, Host = "h", Change = seq, Words = $"words {seq}", State = "[1 0]\nü" };
}
