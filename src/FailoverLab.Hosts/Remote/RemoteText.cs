using System.Text;

namespace FailoverLab.Hosts;

/// <summary>Values as one line of printable ASCII that <c>printf %b</c> turns back: whatever they hold, the far shell only ever sees data. Pure.</summary>
internal static class RemoteText
{
    /// <summary>Bytes of input in one line.</summary>
    public const int ChunkBytes = 900;

    /// <summary>A value's line, without its end.</summary>
    /// <exception cref="StepHostException">It holds a NUL, which no argument can.</exception>
    public static string Line(string value) =>
        value.Contains('\0', StringComparison.Ordinal) ? throw new StepHostException("an argument holds a NUL character, which no program can be given") : Line(Encoding.UTF8.GetBytes(value));

    /// <summary>A line for bytes, NUL included.</summary>
    public static string Line(ReadOnlySpan<byte> bytes)
    {
        var line = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and < 0x7F and not (byte)'\\')
            {
                line.Append((char)b);
            }
            else
            {
                line.Append("\\0").Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7))).Append((char)('0' + (b & 7)));
            }
        }

        return line.ToString();
    }

    /// <summary>A value's line turned back, as our own agent does; nothing when it is no such line.</summary>
    public static byte[]? Bytes(string line)
    {
        var bytes = new List<byte>(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                bytes.Add((byte)line[i]);
                continue;
            }

            if (i + 4 >= line.Length || line[i + 1] != '0' || line.AsSpan(i + 2, 3).ContainsAnyExceptInRange('0', '7'))
            {
                return null;
            }

            bytes.Add((byte)(((line[i + 2] - '0') << 6) | ((line[i + 3] - '0') << 3) | (line[i + 4] - '0')));
            i += 4;
        }

        return [.. bytes];
    }

    /// <summary>Input cut into lines.</summary>
    public static IReadOnlyList<string> Chunks(ReadOnlyMemory<byte> input) =>
        [.. Enumerable.Range(0, (input.Length + ChunkBytes - 1) / ChunkBytes).Select(i => Line(input.Span.Slice(i * ChunkBytes, Math.Min(ChunkBytes, input.Length - (i * ChunkBytes)))))];
}
