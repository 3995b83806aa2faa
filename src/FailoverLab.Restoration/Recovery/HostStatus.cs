using System.Globalization;

namespace FailoverLab.Restoration;

/// <summary>What a host's guard directory says of one run.</summary>
/// <param name="Run">The run, as the host spells it.</param>
/// <param name="State"><c>armed</c>, <c>undoing</c>, <c>restored</c>, <c>left</c>, <c>disarmed</c> or <c>none</c>.</param>
/// <param name="Rest">What is left of its lease; below zero when it is over.</param>
/// <param name="GuardLives">Whether its guard runs.</param>
/// <param name="Entries">Its changes, newest first, and the host's word for how each stands.</param>
internal sealed record HostStatus(string Run, string State, TimeSpan Rest, bool GuardLives, IReadOnlyList<(int Change, string Word)> Entries)
{
    /// <summary>Whether the run may still be at work.</summary>
    public bool IsAlive => State == "armed" && Rest > TimeSpan.Zero;

    /// <summary>Reads what the <c>status</c> call printed; lines it does not know say nothing.</summary>
    public static IReadOnlyList<HostStatus> Parse(string output)
    {
        var runs = new List<HostStatus>();
        var entries = new List<(int, string)>();
        foreach (var line in output.Split('\n'))
        {
            switch (line.Split(' '))
            {
                case ["run", var run, var state, var rest, var guard] when long.TryParse(rest, CultureInfo.InvariantCulture, out var centiseconds):
                    entries = [];
                    runs.Add(new HostStatus(run, state, TimeSpan.FromMilliseconds(centiseconds * 10), guard == "alive", entries));
                    break;
                case ["entry", var id, var word] when runs.Count > 0 && int.TryParse(id, CultureInfo.InvariantCulture, out var change):
                    entries.Add((change, word));
                    break;
            }
        }

        return runs;
    }
}
