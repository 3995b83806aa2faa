namespace FailoverLab.Hosts;

/// <summary>What a host answered to the questions of all checks; data only, so that checks can be tried on answers written down.</summary>
public sealed class HostSnapshot
{
    private readonly IReadOnlyDictionary<string, ShellResult> _answers;

    /// <summary>Makes a snapshot.</summary>
    /// <param name="subject">The host.</param>
    /// <param name="answers">Answers by the command as it prints itself.</param>
    public HostSnapshot(HostSubject subject, IReadOnlyDictionary<string, ShellResult> answers)
    {
        Subject = subject;
        _answers = answers;
    }

    /// <summary>The host.</summary>
    public HostSubject Subject { get; }

    /// <summary>The host's name.</summary>
    public string Name => Subject.Host.Name;

    /// <summary>The answer to a question; <see langword="null"/> when it was not asked or the host was lost before.</summary>
    public ShellResult? this[ShellCommand question] => _answers.GetValueOrDefault(question.ToString());

    /// <summary>The first line printed in answer to a question that was answered with status 0; <see langword="null"/> otherwise.</summary>
    public string? Line(ShellCommand question) =>
        this[question] is { IsSuccess: true } answer ? FirstLine(answer) : null;

    /// <summary>The first line of an answer, standard output before standard error, without control characters, at most 120 characters.</summary>
    internal static string FirstLine(ShellResult answer)
    {
        var line = (answer.Output + "\n" + answer.Error).Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "";
        return string.Concat((line.Length <= 120 ? line : line[..117] + "...").Select(c => char.IsControl(c) ? ' ' : c));
    }

    internal Finding Ok(string check, string evidence) => new(Name, check, FindingStatus.Ok, evidence, null);

    internal Finding Note(string check, string evidence, string? fix = null) => new(Name, check, FindingStatus.Note, evidence, fix);

    internal Finding Bad(string check, string evidence, string fix) => new(Name, check, FindingStatus.Bad, evidence, fix);

    internal Finding Unknown(string check, string why, string? fix = null) => new(Name, check, FindingStatus.Unknown, why, fix);

    /// <summary>Says that a question was not answered as it should be.</summary>
    internal Finding Unanswered(string check, ShellCommand question) => Unknown(check, this[question] switch
    {
        null => $"'{question}' was not answered",
        { TimedOut: true } => $"'{question}' did not end in time",
        { Status: 127 } => $"'{question.Arguments[0]}' is not there to be asked",
        var answer => $"'{question}' ended with {answer.Status}: {FirstLine(answer)}",
    });
}
