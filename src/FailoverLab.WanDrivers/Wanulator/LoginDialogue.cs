using System.Text;

namespace FailoverLab.WanDrivers;

/// <summary>
/// Logs in on a serial console: waits for what asks, answers, and begins again when noise has eaten a question. Time and bytes in, what to type and the
/// next deadline out.
/// </summary>
internal sealed class LoginDialogue
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);
    private const int LongestTail = 4096;
    private const int Refusals = 2;
    private readonly string _user;
    private readonly string _password;
    private readonly StringBuilder _tail = new();
    private readonly List<string> _steps = [];
    private int _refused;
    private bool _hasTypedPassword;

    /// <summary>Begins; the first thing typed is an end of line.</summary>
    /// <param name="user">User name.</param>
    /// <param name="password">Password; never in a step or a message.</param>
    /// <param name="now">The time.</param>
    public LoginDialogue(string user, string password, TimeSpan now) => (_user, _password, Deadline) = (user, password, now);

    /// <summary>When <see cref="Tick"/> is to be called if nothing comes before.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Whether a shell's prompt was seen.</summary>
    public bool IsIn { get; private set; }

    /// <summary>Why it cannot go on; <see langword="null"/> while it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>What happened so far, in words.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>Nothing came until the deadline.</summary>
    /// <returns>What to type.</returns>
    public string Tick(TimeSpan now)
    {
        _steps.Add(_steps.Count == 0 ? "end of line sent" : "silence, end of line sent again");
        return Type("\r", now);
    }

    /// <summary>Takes what came.</summary>
    /// <returns>What to type; empty when nothing.</returns>
    public string Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        foreach (var value in bytes)
        {
            _tail.Append(value is >= 32 and < 127 or (byte)'\n' ? (char)value : ' ');
        }

        if (_tail.Length > LongestTail)
        {
            _tail.Remove(0, _tail.Length - LongestTail);
        }

        var text = _tail.ToString();
        if (text.Contains("incorrect", StringComparison.OrdinalIgnoreCase) && _hasTypedPassword)
        {
            _hasTypedPassword = false;
            _refused++;
            _steps.Add("refused");
            if (_refused >= Refusals)
            {
                Failure = $"user {_user} or the password was refused {_refused} times";
                return "";
            }
        }

        if (text.Contains("assword:", StringComparison.Ordinal))
        {
            _hasTypedPassword = true;
            _steps.Add("password asked for and sent");
            return Type(_password + "\r", now);
        }

        // A login that succeeded says so with "Last login:".
        if (text.Replace("Last login:", "", StringComparison.Ordinal).Contains("login:", StringComparison.Ordinal))
        {
            _steps.Add("login prompt, user sent");
            return Type(_user + "\r", now);
        }

        if (IsPrompt(text))
        {
            IsIn = true;
            _steps.Add("shell prompt");
        }

        return "";
    }

    /// <summary>A prompt ends in <c># </c> or <c>$ </c>, with nothing behind it on its line.</summary>
    private static bool IsPrompt(string text)
    {
        var last = text[(text.LastIndexOf('\n') + 1)..];
        return last.EndsWith("# ", StringComparison.Ordinal) || last.EndsWith("$ ", StringComparison.Ordinal);
    }

    private string Type(string text, TimeSpan now)
    {
        _tail.Clear();
        Deadline = now + Silence;
        return text;
    }
}
