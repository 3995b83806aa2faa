namespace FailoverLab.Hosts;

/// <summary>Whether reports can be written.</summary>
internal sealed class ReportsFolderCheck : IHostCheck
{
    public string Name => "reports";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) =>
        subject.ReportsFolder is { } folder ? [Is("-d", folder), Is("-w", folder), Is("-w", Parent(folder))] : [];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (answers.Subject.ReportsFolder is not { } folder)
        {
            yield break;
        }

        yield return (answers[Is("-d", folder)], answers[Is("-w", folder)], answers[Is("-w", Parent(folder))]) switch
        {
            ({ IsSuccess: true }, { IsSuccess: true }, _) => answers.Ok(Name, $"{folder} can be written"),
            ({ IsSuccess: true }, { Status: 1 }, _) => answers.Bad(Name, $"{folder} cannot be written", "give another folder with --out, or make it writable"),
            ({ Status: 1 }, _, { IsSuccess: true }) => answers.Ok(Name, $"{folder} will be made"),
            ({ Status: 1 }, _, { Status: 1 }) => answers.Bad(Name, $"{folder} is not there and cannot be made", "give another folder with --out"),
            _ => answers.Unanswered(Name, Is("-d", folder)),
        };
    }

    private static ShellCommand Is(string what, string folder) => new("test", what, folder);

    private static string Parent(string folder) => Path.GetDirectoryName(Path.GetFullPath(folder)) ?? "/";
}
