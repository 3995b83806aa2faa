using System.Buffers.Binary;

namespace FailoverLab.Hosts.Tests;

/// <summary>Rings as the two programs leave them, made by hand.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CaptureFilesTests : IDisposable
{
    private const int HeaderBytes = 24;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failoverlab-ring-");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestCase(1, false)]
    [TestCase(9_998, true)]
    public async Task JoinAsync_Dumpcap_SectionsInOrderOfTheirNumbers(int first, bool hasWrapped)
    {
        string[] contents = ["a", "bb", "ccc", "d"];
        var paths = contents.Select((c, n) => Write($"c_{first + n:00000}_20261122104500.pcap", [0x0a, 0x0d, 0x0d, 0x0a, .. c.Select(x => (byte)x)])).ToList();

        var files = CaptureFiles.Of([.. paths.OrderDescending(StringComparer.Ordinal)], written: 4);
        var whole = await JoinAsync(files);

        Assert.That(files.HasWrapped, Is.EqualTo(hasWrapped));
        Assert.That(System.Text.Encoding.Latin1.GetString(whole), Is.EqualTo(string.Concat(contents.Select(c => "\n\r\r\n" + c))));
    }

    [TestCase(3, 0, false, false, TestName = "JoinAsync_TcpdumpRingNotFull_NothingIsMissing")]
    [TestCase(CaptureRoom.Files, 0, false, false, TestName = "JoinAsync_TcpdumpRingJustFull_NothingIsMissing")]
    [TestCase(CaptureRoom.Files, 0, true, true, TestName = "JoinAsync_TcpdumpRingRoundToItsBeginning_SeenByThePacketsItLacks")]
    [TestCase(CaptureRoom.Files, 5, true, true, TestName = "JoinAsync_TcpdumpRingWrittenOver_OldestFirst")]
    public async Task JoinAsync_Tcpdump(int count, int oldest, bool lacks, bool hasWrapped)
    {
        foreach (var bigEndian in (bool[])[false, true])
        {
            var paths = Enumerable.Range(0, count).Select(n => Write($"c.pcap{(oldest + n) % count}", PcapOf(bigEndian, (100 + n, 7), (100 + n, 9)))).ToList();

            var files = CaptureFiles.Of([.. paths.Order(StringComparer.Ordinal)], written: (count * 2) + (lacks ? 1 : 0));
            var whole = await JoinAsync(files);

            Assert.That(files.HasWrapped, Is.EqualTo(hasWrapped));
            Assert.That(whole, Is.EqualTo(PcapOf(bigEndian, [.. Enumerable.Range(0, count).SelectMany(n => new[] { (100 + n, 7), (100 + n, 9) })])), "one header, and all records in order of time");
        }
    }

    [Test]
    public async Task JoinAsync_TcpdumpHasJustBegunAFile_ItComesLast()
    {
        List<string> paths = [Write("c.pcap0", PcapOf(false)), Write("c.pcap1", PcapOf(false, (5, 1)))];

        var files = CaptureFiles.Of(paths, written: 1);

        Assert.That(await JoinAsync(files), Is.EqualTo(PcapOf(false, (5, 1))));
        Assert.That(files.HasWrapped, Is.True, "the file after the last is the first again");
    }

    [Test]
    public async Task JoinAsync_OneFile_IsIt()
    {
        var content = PcapOf(false, (1, 2));

        Assert.That(await JoinAsync(CaptureFiles.Of([Write("c.pcap0", content)], written: null)), Is.EqualTo(content));
    }

    private async Task<byte[]> JoinAsync(CaptureFiles files)
    {
        var whole = Path.Combine(_folder.FullName, "whole");
        await files.JoinAsync(whole);
        Assert.That(_folder.GetFiles().Select(f => f.Name), Is.EqualTo((string[])["whole"]), "the disk does not hold it twice");
        return await File.ReadAllBytesAsync(whole);
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A pcap of nanoseconds whose packets have a stamp and five bytes each.</summary>
    private static byte[] PcapOf(bool bigEndian, params IReadOnlyList<(int Seconds, int Ns)> packets)
    {
        byte[] Word(uint value)
        {
            var word = new byte[4];
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(word, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(word, value);
            }

            return word;
        }

        var header = Word(0xa1b23c4d).Concat(new byte[HeaderBytes - 4]);
        return [.. header, .. packets.SelectMany(p => (byte[])[.. Word((uint)p.Seconds), .. Word((uint)p.Ns), .. Word(5), .. Word(60), 1, 2, 3, 4, 5])];
    }
}
