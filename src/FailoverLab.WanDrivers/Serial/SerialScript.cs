using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>What is typed into a shell on a serial line to run one command. Everything that is not ours goes as base64. Pure.</summary>
/// <param name="mark">Mark of the answer.</param>
/// <param name="session">Mark of the session's files on the other side, letters and digits.</param>
internal sealed class SerialScript(string mark, string session)
{
    /// <summary>A terminal holds 4,095 characters of unread input; more are lost without a word.</summary>
    private const int PieceBytes = 1536;

    private string File(string kind) => $"/tmp/.fl-{session}.{kind}";

    /// <summary>Typed to find out whether a shell is listening.</summary>
    public string Hello => $"\nstty -echo 2>/dev/null; echo @''{mark} A hello\n";

    /// <summary>Writes a file on the other side, in pieces that are each acknowledged by their number.</summary>
    /// <param name="kind">Which file: <c>sh</c> or <c>in</c>.</param>
    /// <param name="content">Its content.</param>
    public IEnumerable<(string Typed, string Acknowledgement)> Write(string kind, ReadOnlyMemory<byte> content)
    {
        // An empty file comes of no lines at all: what decodes base64 need not take an empty one.
        for (var start = 0; start == 0 || start < content.Length; start += PieceBytes)
        {
            var piece = content.Slice(start, Math.Min(PieceBytes, content.Length - start));
            var lines = string.Join('\n', Convert.ToBase64String(piece.Span).Chunk(76).Select(c => new string(c)));
            yield return ($"base64 -d {(start == 0 ? ">" : ">>")}{File(kind)} <<'EOF{mark}'\n{lines}\nEOF{mark}\necho @''{mark} A {kind}{start}\n",
                string.Create(CultureInfo.InvariantCulture, $"{kind}{start}"));
        }
    }

    /// <summary>Runs what was written, unless it came through damaged: then the status is 125 and the sum <c>damaged</c>.</summary>
    /// <param name="script">What was written as <c>sh</c>.</param>
    /// <param name="input">What was written as <c>in</c>; nothing is when it is empty.</param>
    /// <param name="timeout">After this it is killed.</param>
    public string Run(ReadOnlyMemory<byte> script, ReadOnlyMemory<byte> input, TimeSpan timeout)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var (written, from) = input.IsEmpty ? (File("sh"), "/dev/null") : ($"{File("sh")} {File("in")}", File("in"));
        return $"case \"$(cat {written} | md5sum)\" in {Sum(script, input)}*) "
            + $"(ulimit -f 4096; exec timeout -s KILL {seconds} /bin/sh {File("sh")}) <{from} >{File("out")} 2>{File("err")}; echo $? >{File("st")}; {Report};; "
            + $"*) echo @''{mark} S 125; echo @''{mark} X damaged; echo @''{mark} D;; esac\n";
    }

    /// <summary>Asks for the answer again.</summary>
    public string Again => $"{Report}\n";

    /// <summary>Takes the session's files away and gives the terminal its echo back.</summary>
    public string Bye => $"rm -f {File("*")}; stty echo 2>/dev/null; echo @''{mark} A bye\n";

    /// <summary>Whether a command is short enough to be typed at once.</summary>
    public static bool IsShort(ReadOnlyMemory<byte> script, ReadOnlyMemory<byte> input) => script.Length + input.Length <= PieceBytes;

    // Few programs: on a slow machine each costs more than the line. Standard error is mostly empty.
    private string Report =>
        $"read s <{File("st")}; echo @''{mark} S $s; echo @''{mark} O; base64 {File("out")}; echo @''{mark} E; if [ -s {File("err")} ]; then base64 {File("err")}; fi; "
        + $"echo @''{mark} X $(cat {File("out")} {File("err")} | md5sum); echo @''{mark} D";

    /// <summary>A command as a script: its arguments between single quotes, where a shell reads nothing.</summary>
    /// <exception cref="StepFailedException">An argument holds a NUL, or a variable's name is none.</exception>
    public static byte[] Text(ShellCommand command)
    {
        var words = command.Arguments.Select(Quoted);
        if (command.Environment.Count > 0)
        {
            words = [.. command.Environment.Select(v => IsName(v.Key) ? $"{v.Key}={Quoted(v.Value)}" : throw new StepFailedException($"'{v.Key}' is no name of a variable")), .. words];
        }

        return Encoding.UTF8.GetBytes(string.Join(' ', words) + "\n");
    }

    private static string Quoted(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new StepFailedException("an argument holds a NUL character")
        : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static bool IsName(string text) => text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string Sum(ReadOnlyMemory<byte> script, ReadOnlyMemory<byte> input)
    {
#pragma warning disable CA5351 // a check sum against line noise, which busybox can compute
        return Convert.ToHexStringLower(MD5.HashData([.. script.Span, .. input.Span]));
#pragma warning restore CA5351
    }
}
