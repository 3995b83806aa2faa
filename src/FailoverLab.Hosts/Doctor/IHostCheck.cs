namespace FailoverLab.Hosts;

/// <summary>One thing to look at on a host. Independent of all others: no check relies on another's outcome.</summary>
public interface IHostCheck
{
    /// <summary>What is looked at, in a word or two; unique.</summary>
    string Name { get; }

    /// <summary>Commands to run on the host, none of which changes anything there; empty when the check does not concern it.</summary>
    IReadOnlyList<ShellCommand> Questions(HostSubject subject);

    /// <summary>Commands that follow from the answers to the first; as harmless.</summary>
    IReadOnlyList<ShellCommand> FurtherQuestions(HostSnapshot answers) => [];

    /// <summary>What the answers mean; pure.</summary>
    /// <returns>Findings; none when the check does not concern the host.</returns>
    IEnumerable<Finding> Judge(HostSnapshot answers);
}
