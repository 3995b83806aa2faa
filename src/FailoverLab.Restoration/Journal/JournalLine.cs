using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FailoverLab.Restoration;

/// <summary>One line of the journal: <c>{"v":1,"sum":"…8 hex digits…","body":{…}}</c>. The sum is the beginning of the SHA-256 of the body's bytes as they stand.</summary>
public static class JournalLine
{
    private const string Head = "{\"v\":1,\"sum\":\"";
    private const string Middle = "\",\"body\":";
    private const int SumLength = 8;

    /// <summary>The line of a record, without its end.</summary>
    public static string Write(JournalRecord record)
    {
        var body = JsonSerializer.Serialize(record, RestorationJson.Line.JournalRecord);
        return $"{Head}{Sum(body)}{Middle}{body}}}";
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its end.</param>
    /// <returns>The record, or <see langword="null"/> when the line is not whole: cut short, changed, or of a later version.</returns>
    public static JournalRecord? TryRead(string line)
    {
        var start = Head.Length + SumLength + Middle.Length;
        if (line.Length <= start || !line.StartsWith(Head, StringComparison.Ordinal) || !line.EndsWith('}'))
        {
            return null;
        }

        var body = line[start..^1];
        if (line[Head.Length..(Head.Length + SumLength)] != Sum(body))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, RestorationJson.Line.JournalRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Sum(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..SumLength];
}
