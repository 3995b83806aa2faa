using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>What <c>hosts check</c> says of one host, in one line: how far the way to it goes, and what is there. Pure.</summary>
public static class ReachFindings
{
    /// <summary>What is looked at once a host is reached.</summary>
    public static IReadOnlyList<IHostCheck> Checks { get; } = [new ToolListCheck(), new DiskCheck(), new ClockSourceCheck()];

    /// <summary>A host that was not reached: the step of the way that failed.</summary>
    /// <param name="failure">Why.</param>
    public static Finding Failed(SshFailure failure) => new(failure.Host, Step(failure.Kind), FindingStatus.Bad, failure.Message, failure.Hint);

    /// <summary>A host that was reached.</summary>
    /// <param name="answers">Answers to <see cref="Checks"/>.</param>
    /// <param name="facts">What the far side says of itself.</param>
    /// <param name="login">Time from the first packet to the far shell's first word.</param>
    public static Finding Reached(HostSnapshot answers, RemoteFacts facts, TimeSpan login)
    {
        var findings = HostExamination.Judge(answers, Checks);
        var evidence = string.Create(CultureInfo.InvariantCulture,
            $"logged in in {login.TotalMilliseconds:0} ms{(facts.IsRoot ? " as root" : "")}; {facts.System} {facts.Machine}; {string.Join("; ", findings.Select(Said))}");
        var worst = findings.OrderByDescending(f => f.Status == FindingStatus.Unknown ? FindingStatus.Note : f.Status).First();
        return worst.Status switch
        {
            FindingStatus.Bad => new Finding(answers.Name, worst.Check, FindingStatus.Bad, evidence, worst.Fix),
            FindingStatus.Ok => new Finding(answers.Name, "reached", FindingStatus.Ok, evidence, null),
            _ => new Finding(answers.Name, "reached", FindingStatus.Note, evidence, worst.Fix),
        };
    }

    private static string Said(Finding finding) => $"{finding.Check} {finding.Evidence}";

    private static string Step(SshFailureKind kind) => kind switch
    {
        SshFailureKind.BadName or SshFailureKind.UnknownName => "name",
        SshFailureKind.Refused or SshFailureKind.TimedOut or SshFailureKind.Unreachable => "port",
        SshFailureKind.Jump => "jump",
        SshFailureKind.KeyChanged or SshFailureKind.KeyUnknown => "host key",
        SshFailureKind.Authentication => "login",
        SshFailureKind.NoShell or SshFailureKind.Garbage or SshFailureKind.Silent => "shell",
        SshFailureKind.NoClient => "ssh client",
        SshFailureKind.Configuration => "ssh configuration",
        _ => "connection",
    };
}
