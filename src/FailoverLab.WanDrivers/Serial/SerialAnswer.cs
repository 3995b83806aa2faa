using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.WanDrivers;

/// <summary>
/// Collects the lines of one answer on a serial line, where kernel messages, prompts and echoes stand between and before them. Lines of the answer
/// carry its mark: <c>@MARK KIND TEXT</c>; between <c>O</c> and <c>E</c> stands standard output as base64, between <c>E</c> and <c>X</c> standard error. Pure.
/// </summary>
/// <param name="mark">The mark, letters and digits; in what is sent it never stands behind its <c>@</c>, so that an echo is no answer.</param>
internal sealed class SerialAnswer(string mark)
{
    private const int LongestLine = 4096;
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private StringBuilder? _open;

    /// <summary>Last line that only says that something has come through; <see langword="null"/> before the first.</summary>
    public string? Acknowledged { get; private set; }

    /// <summary>Exit status; <see langword="null"/> before it came.</summary>
    public int? Status { get; private set; }

    /// <summary>The check sum that ends an answer; <see langword="null"/> before it came.</summary>
    public string? Sum { get; private set; }

    /// <summary>Whether the answer's very last line came, with or without its check sum.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Standard output and error as they came, and whether the check sum vouches for them.</summary>
    public (byte[] Output, byte[] Error, bool IsWhole) Take()
    {
        try
        {
            var (output, error) = (Convert.FromBase64String(_output.ToString()), Convert.FromBase64String(_error.ToString()));
#pragma warning disable CA5351 // a check sum against line noise, which busybox can compute
            var sum = Convert.ToHexStringLower(MD5.HashData([.. output, .. error]));
#pragma warning restore CA5351
            return (output, error, Status is not null && sum == Sum);
        }
        catch (FormatException)
        {
            return ([], [], false);
        }
    }

    /// <summary>Forgets what came, for an answer that is asked for again.</summary>
    public void Clear()
    {
        _output.Clear();
        _error.Clear();
        (Status, Sum, IsOver, _open) = (null, null, false, null);
    }

    /// <summary>Takes bytes as they come, in any pieces.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is (byte)'\n' or (byte)'\r')
            {
                Read(_line.ToString());
                _line.Clear();
            }
            else if (_line.Length < LongestLine)
            {
                _line.Append((char)value);
            }
        }
    }

    private void Read(string line)
    {
        var start = line.LastIndexOf($"@{mark} ", StringComparison.Ordinal);
        if (start < 0)
        {
            // What is not base64 is a message of the kernel; what is and yet does not belong here, the check sum finds.
            if (line.Length > 0 && line.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '='))
            {
                _open?.Append(line);
            }

            return;
        }

        var text = line[(start + mark.Length + 2)..];
        var value = text.Length > 2 ? text[2..] : "";
        switch (text.Length > 0 && (text.Length == 1 || text[1] == ' ') ? text[0] : ' ')
        {
            case 'A':
                Acknowledged = value;
                break;
            case 'S':
                Status = int.TryParse(value, out var status) ? status : null;
                break;
            case 'O':
                _output.Clear();
                _open = _output;
                break;
            case 'E':
                _error.Clear();
                _open = _error;
                break;
            case 'X':
                (Sum, _open) = (value.Split(' ')[0], null);
                break;
            case 'D':
                IsOver = true;
                break;
        }
    }
}
