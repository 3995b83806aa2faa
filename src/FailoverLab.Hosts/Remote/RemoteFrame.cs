using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>One line from the far side, taken apart and checked: the mark, a verb, numbers, and for output its bytes.</summary>
/// <param name="Verb">What it is: one letter.</param>
/// <param name="Id">The job or question it belongs to; 0 where it belongs to none.</param>
/// <param name="A">First figure.</param>
/// <param name="B">Second figure.</param>
internal readonly record struct RemoteFrame(char Verb, long Id, long A, long B)
{
    /// <summary>Longest line the far side may send.</summary>
    public const int MaxLength = 8192;

    /// <summary>Bytes of output, of verb O.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>Facts, of verb H.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="mark">The session's mark.</param>
    /// <returns>The frame, or nothing when the line is not of this protocol.</returns>
    public static RemoteFrame? Read(string line, string mark)
    {
        if (!line.StartsWith(mark + " ", StringComparison.Ordinal) || line.Length < mark.Length + 2)
        {
            return null;
        }

        var fields = line[(mark.Length + 1)..].Split(' ');
        if (fields[0].Length != 1)
        {
            return null;
        }

        var numbers = fields.Skip(1).Take(3).Select(Number).ToArray();
        switch (fields[0][0])
        {
            case 'H' when fields.Length >= 3 && numbers[0] == 1:
                var facts = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var fact in fields.Skip(2).Where(f => f.Contains('=', StringComparison.Ordinal)).Take(64))
                {
                    facts[fact[..fact.IndexOf('=', StringComparison.Ordinal)]] = fact[(fact.IndexOf('=', StringComparison.Ordinal) + 1)..];
                }

                return new RemoteFrame('H', 0, 0, 0) { Facts = facts };
            case 'O' when fields.Length == 4 && numbers is [{ } id, { } stream and (1 or 2), ..] && Hex(fields[3]) is { } payload:
                return new RemoteFrame('O', id, stream, 0) { Payload = payload };
            case 'T' or 'X' or 'S' when numbers is [{ } id, { } a, { } b] && fields.Length == 4:
                return new RemoteFrame(fields[0][0], id, a, b);
            case 'A' when numbers is [{ } id, { } pid] && fields.Length == 3:
                return new RemoteFrame('A', id, pid, 0);
            case 'Z' or 'K' or 'G' when numbers is [{ } id] && fields.Length == 2:
                return new RemoteFrame(fields[0][0], id, 0, 0);
            case 'C' when fields.Length == 1:
                return new RemoteFrame('C', 0, 0, 0);
            case 'U' when fields is [_, "refused"]:
                return new RemoteFrame('U', 0, 0, 0);
            default:
                return null;
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static byte[]? Hex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
