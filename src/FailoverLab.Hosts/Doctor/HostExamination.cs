namespace FailoverLab.Hosts;

/// <summary>Asks a host the questions of all checks, each once, and has the answers judged.</summary>
public static class HostExamination
{
    /// <summary>Time one question may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>All checks, in the order they are printed.</summary>
    public static IReadOnlyList<IHostCheck> All { get; } =
    [
        new ManagementPathCheck(), new ToolsCheck(), new LinkToolsCheck(), new NetemCheck(), new CaptureCheck(), new UserNamespacesCheck(), new TunCheck(), new DiskCheck(),
        new TimeSyncCheck(), new ClockSourceCheck(), new CoresCheck(), new RealtimeCheck(), new ReportsFolderCheck(), new SshClientCheck(), new KnownHostsCheck(),
    ];

    /// <summary>Asks; a host lost on the way leaves the rest unanswered.</summary>
    /// <param name="subject">The host.</param>
    /// <param name="shell">A shell on it.</param>
    /// <param name="checks">What to look at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<HostSnapshot> AskAsync(HostSubject subject, IShell shell, IReadOnlyList<IHostCheck> checks, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, ShellResult>(StringComparer.Ordinal);
        var snapshot = new HostSnapshot(subject, answers);
        try
        {
            await AskAsync(checks.SelectMany(c => c.Questions(subject)), answers, shell, cancellationToken);
            await AskAsync(checks.SelectMany(c => c.FurtherQuestions(snapshot)), answers, shell, cancellationToken);
        }
        catch (StepHostException)
        {
            // What was not asked any more is said to be unanswered.
        }

        return snapshot;
    }

    /// <summary>What the answers mean; pure.</summary>
    public static IReadOnlyList<Finding> Judge(HostSnapshot answers, IReadOnlyList<IHostCheck> checks) => [.. checks.SelectMany(c => c.Judge(answers))];

    private static async Task AskAsync(IEnumerable<ShellCommand> questions, Dictionary<string, ShellResult> answers, IShell shell, CancellationToken cancellationToken)
    {
        foreach (var question in questions.DistinctBy(q => q.ToString()).ToList())
        {
            answers[question.ToString()] = await shell.RunAsync(question with { Timeout = Patience }, cancellationToken);
        }
    }
}
