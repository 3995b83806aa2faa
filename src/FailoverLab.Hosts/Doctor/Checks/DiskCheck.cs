using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>Free space where captures go.</summary>
internal sealed class DiskCheck : IHostCheck
{
    private const long Kib = 1024;
    private const long Least = 100 * Kib;
    private const long Plenty = 2 * Kib * Kib;

    public string Name => "disk";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Question(subject)];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        var question = Question(answers.Subject);
        var columns = answers[question] is { IsSuccess: true } answer
            ? answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (columns.Length < 6 || !long.TryParse(columns[3], NumberStyles.None, CultureInfo.InvariantCulture, out var free))
        {
            yield return answers.Unanswered(Name, question);
            yield break;
        }

        var evidence = string.Create(CultureInfo.InvariantCulture, $"{(double)free / Kib / Kib:0.0} GiB free on {columns[5]} ({columns[4]} used)");
        yield return free < Least ? answers.Bad(Name, evidence, "make room: less than 100 MiB holds no run")
            : free < Plenty ? answers.Note(Name, evidence, "enough for short runs; a minute of 4,000 packets/s at 20 points takes about 1 GiB")
            : answers.Ok(Name, evidence);
    }

    private static ShellCommand Question(HostSubject subject) => new("df", "-P", "-k", subject.IsHere ? "." : "/tmp");
}
