using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>How many processors the host has: packet loops that share a core with their traffic see pauses of their own.</summary>
internal sealed class CoresCheck : IHostCheck
{
    private static readonly ShellCommand Count = new("getconf", "_NPROCESSORS_ONLN");

    public string Name => "cores";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Count];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (!int.TryParse(answers.Line(Count), NumberStyles.None, CultureInfo.InvariantCulture, out var cores))
        {
            yield return answers.Unanswered(Name, Count);
            yield break;
        }

        yield return cores < 2 || (cores < 4 && answers.Subject.HasEmbeddedLab)
            ? answers.Note(Name, $"{cores}; pauses of 5 to 25 ms of the machine's own are to be expected", "the report's intervals hold them; 4 cores avoid most")
            : answers.Ok(Name, $"{cores}");
    }
}
