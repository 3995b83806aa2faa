using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>The proof that <c>doctor</c> gives of a host's management path, asked for before a run changes links there.</summary>
public static class ManagementPath
{
    /// <summary>Refuses a host whose commands arrive over a link that is to be changed, and one of which that cannot be ruled out.</summary>
    /// <param name="host">The host.</param>
    /// <param name="links">Links of it that the run changes.</param>
    /// <param name="shell">A shell on it; nothing is changed through it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">Refused; says what was seen and what to do.</exception>
    public static async Task RequireAsync(HostPlan host, IReadOnlyList<LinkPlan> links, IShell shell, CancellationToken cancellationToken)
    {
        IHostCheck[] check = [new ManagementPathCheck()];
        var subject = new HostSubject { Host = host, Links = links, IsHere = host.Transport != HostTransport.Ssh };
        var answers = await HostExamination.AskAsync(subject, shell, check, cancellationToken);
        if (HostExamination.Judge(answers, check).FirstOrDefault(f => f.Status == FindingStatus.Bad) is { } refusal)
        {
            throw new StepHostException($"host '{host.Name}', {refusal.Check}: {refusal.Evidence}; the fault would cut off its own undoing, so nothing was changed ({refusal.Fix})");
        }
    }
}
