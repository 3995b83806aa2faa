using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FailoverLab.Hosts;

/// <summary>The files that a capturing program left of its ring, here, and their joining into one: what follows in time follows in the file.</summary>
internal sealed partial class CaptureFiles
{
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const uint Pcapng = 0x0a0d0d0a;
    private readonly List<Part> _parts;

    private CaptureFiles(List<Part> parts) => _parts = parts;

    /// <summary>Whether the oldest files gave way to newer ones, so that the beginning is missing.</summary>
    public bool HasWrapped { get; private init; }

    /// <summary>Which files of a host's folder are those of a ring. The names are the host's word, and become names of files here.</summary>
    /// <param name="listed">What it lists, one name a line.</param>
    /// <returns>As the two programs name a capture <c>c.pcap</c>, each once, and no more than a ring has; and the first other one, where there is any.</returns>
    public static (IReadOnlyList<string> Names, string? Other) Named(string listed)
    {
        var all = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();

        // A program that is killed between two files may leave one more.
        var names = all.Where(n => RingName().IsMatch(n)).Take(CaptureRoom.Files + 1).ToList();
        return (names, all.Except(names, StringComparer.Ordinal).FirstOrDefault());
    }

    /// <summary>Looks at the files.</summary>
    /// <param name="paths">All that are there, in any order; as dumpcap (<c>NAME_00001_DATE.pcap</c>) or tcpdump (<c>NAME.pcap0</c>) calls them. At least one.</param>
    /// <param name="written">Packets that the program says it wrote into the ring; absent where it did not say.</param>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static CaptureFiles Of(IReadOnlyList<string> paths, long? written)
    {
        var parts = paths.Select(Look).ToList();
        if (parts[0].IsPcapng)
        {
            // dumpcap numbers its files on and on, from 1.
            parts = [.. parts.OrderBy(p => p.Number)];
            return new CaptureFiles(parts) { HasWrapped = parts[0].Number > 1 };
        }

        // tcpdump writes over its files in turn, from 0. A ring that went round to its very beginning looks as one that has just been filled, but for the packets it lacks.
        parts = [.. parts.OrderBy(p => p.FirstNs)];
        var hasWrapped = parts[0].Number > 0 || (parts.Count == CaptureRoom.Files && written > parts.Sum(p => Records(p.Path)));
        return new CaptureFiles(parts) { HasWrapped = hasWrapped };
    }

    /// <summary>Puts them into one file and takes them away, each as soon as it is in.</summary>
    /// <param name="path">The one file; written over.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public async Task JoinAsync(string path)
    {
        // Sections of pcapng may follow one another; of pcap only the first keeps the header of its file.
        File.Move(_parts[0].Path, path, overwrite: true);
        await using var whole = new FileStream(path, FileMode.Append);
        foreach (var part in _parts.Skip(1))
        {
            await using (var file = File.OpenRead(part.Path))
            {
                file.Position = part.IsPcapng ? 0 : Math.Min(FileHeader, file.Length);
                await file.CopyToAsync(whole);
            }

            File.Delete(part.Path);
        }
    }

    private static Part Look(string path)
    {
        var head = new byte[FileHeader + 8];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var name = Path.GetFileNameWithoutExtension(path).Split('_');
        var number = magic == Pcapng && name.Length > 2 ? name[^2] : string.Concat(Path.GetExtension(path).Where(char.IsAsciiDigit));

        // One that was just begun holds no packet yet: it comes last.
        var firstNs = length < head.Length ? long.MaxValue : (Field(head, FileHeader) * 1_000_000_000L) + Field(head, FileHeader + 4);
        return new Part(path, int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0, magic == Pcapng, firstNs);
    }

    private static long Records(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var head = new byte[FileHeader];
        file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var isBigEndian = IsBigEndian(head);
        var record = new byte[RecordHeader];
        var count = 0L;
        while (file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) == record.Length)
        {
            file.Position += isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(record.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(8));
            count++;
        }

        return count;
    }

    /// <summary>The host's order of bytes, which need not be ours.</summary>
    private static bool IsBigEndian(ReadOnlySpan<byte> head) => head[0] is 0xa1;

    private static long Field(byte[] head, int at) =>
        IsBigEndian(head) ? BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(at));

    /// <summary><c>c_00001_20261122104500.pcap</c> is dumpcap's, <c>c.pcap0</c> is tcpdump's.</summary>
    [GeneratedRegex(@"\Ac(_[0-9]+_[0-9]+\.pcap|\.pcap[0-9]*)\z")]
    private static partial Regex RingName();

    private sealed record Part(string Path, int Number, bool IsPcapng, long FirstNs);
}
