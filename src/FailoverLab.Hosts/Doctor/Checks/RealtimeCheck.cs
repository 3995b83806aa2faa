namespace FailoverLab.Hosts;

/// <summary>Whether a thread may take a real-time priority.</summary>
internal sealed class RealtimeCheck : IHostCheck
{
    private static readonly ShellCommand Trial = new("chrt", "--fifo", "1", "true");

    public string Name => "real time";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Trial];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        yield return answers[Trial] switch
        {
            { IsSuccess: true } => answers.Ok(Name, "real-time priority is allowed"),
            { Status: 1 } => answers.Note(Name, "real-time priority is not allowed for this user; steps start a little later under load", "ulimit -r, CAP_SYS_NICE or root"),
            _ => answers.Unanswered(Name, Trial),
        };
    }
}
