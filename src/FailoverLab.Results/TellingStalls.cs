namespace FailoverLab.Results;

/// <summary>Which stalls of the machine can show in figures.</summary>
public static class TellingStalls
{
    /// <summary>Shorter stalls of the machine pass below the shortest silence that moves traffic.</summary>
    public const long LeastStallNs = 15_000_000;

    /// <summary>A lab's own programs make one another wait for less.</summary>
    public const long LeastWaitNs = 50_000_000;

    /// <summary>Those of a run that lie after its start and are long enough.</summary>
    public static IEnumerable<MachineStall> Of(RunResult result) =>
        (result.Stalls ?? []).Where(s => s.DurationNs >= (s.Urgent ? LeastStallNs : LeastWaitNs) && s.AtNs + s.DurationNs >= (result.StartNs ?? 0));
}
