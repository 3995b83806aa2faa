using System.Globalization;
using FailoverLab.Emulator;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>Writes the fates of packets to a file, a line each; instants are CLOCK_REALTIME ns.</summary>
public sealed class FateLog : IDisposable
{
    private readonly PacketFate[] _lines = new PacketFate[4096];
    private readonly StreamWriter _writer;
    private readonly bool _isCsv;
    private readonly long[] _lost = new long[2];

    /// <summary>Begins a file; one that is there is written over.</summary>
    /// <param name="file">CSV if its name ends so, else NDJSON.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public FateLog(string file)
    {
        _writer = new StreamWriter(file, append: false, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 20);
        _isCsv = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (_isCsv)
        {
            _writer.WriteLine("direction,index,arrivalNs,dueNs,bytes,end,marks");
        }
    }

    /// <summary>Lines that were lost because they came faster than they could be written.</summary>
    public long Lost => _lost[0] + _lost[1];

    /// <summary>Writes what waits of a direction.</summary>
    /// <param name="link">The link, started with room for lines.</param>
    /// <param name="direction"><see cref="LinkDirections.Up"/> or <see cref="LinkDirections.Down"/>.</param>
    /// <exception cref="IOException">The disk is full, for one.</exception>
    public void Take(WanLink link, LinkDirections direction)
    {
        int taken;
        do
        {
            taken = link.TakeFates(direction, _lines, out var lost, out var leadNs);
            _lost[direction == LinkDirections.Up ? 0 : 1] = lost;
            foreach (ref readonly var line in _lines.AsSpan(0, taken))
            {
                Write(direction == LinkDirections.Up ? "up" : "down", line, leadNs);
            }
        }
        while (taken == _lines.Length);
    }

    /// <summary>Writes what is left and closes the file.</summary>
    /// <exception cref="IOException">The disk is full, for one.</exception>
    public void Dispose() => _writer.Dispose();

    private void Write(string direction, in PacketFate line, long leadNs)
    {
        var marks = (line.Marks & ~PacketMarks.Free).ToString().Replace(", ", "+", StringComparison.Ordinal);
        _writer.WriteLine(_isCsv
            ? string.Create(CultureInfo.InvariantCulture, $"{direction},{line.Index},{line.ArrivalNs + leadNs},{line.DueNs + leadNs},{line.Bytes},{line.End},{marks}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"direction\":\"{direction}\",\"index\":{line.Index},\"arrivalNs\":{line.ArrivalNs + leadNs},\"dueNs\":{line.DueNs + leadNs},\"bytes\":{line.Bytes},\"end\":\"{line.End}\",\"marks\":\"{marks}\"}}"));
    }
}
