using System.Text;

namespace FailoverLab.Restoration;

/// <summary>A journal as read from its file, whatever state the file is in.</summary>
/// <param name="Records">The whole records, in order.</param>
/// <param name="Damage">One sentence for each loss that may hide a change; empty for a journal that was only cut short while it was written.</param>
/// <param name="EndsTorn">Whether the last line was cut short: the record it would have held was never acted on.</param>
public sealed record JournalContent(IReadOnlyList<JournalRecord> Records, IReadOnlyList<string> Damage, bool EndsTorn)
{
    /// <summary>The number the next record gets.</summary>
    public long NextSeq => Records.Count == 0 ? 1 : Records[^1].Seq + 1;

    /// <summary>Reads a journal.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Not allowed to.</exception>
    public static JournalContent Read(string path) => Parse(File.ReadAllBytes(path));

    /// <summary>Reads the bytes of a journal. A torn line holds nothing that was acted on, for acts wait until their record is on the disk; a number missing afterwards is another matter.</summary>
    public static JournalContent Parse(ReadOnlySpan<byte> bytes)
    {
        var records = new List<JournalRecord>();
        var damage = new List<string>();
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        var isTorn = false;
        for (var n = 0; n < lines.Length; n++)
        {
            if (lines[n].Length == 0)
            {
                continue;
            }

            if (JournalLine.TryRead(lines[n]) is not { } record)
            {
                isTorn = true;
                continue;
            }

            isTorn = false;
            var expected = records.Count == 0 ? 1 : records[^1].Seq + 1;
            if (record.Seq != expected)
            {
                damage.Add($"line {n + 1} holds record {record.Seq} where record {expected} should be; what stood between is lost");
            }

            records.Add(record);
        }

        return new JournalContent(records, damage, isTorn);
    }
}
