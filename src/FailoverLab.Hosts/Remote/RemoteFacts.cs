using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>What the far side says of itself.</summary>
public sealed record RemoteFacts
{
    /// <summary>How it reads its clock: <c>agent</c>, <c>builtin</c> (the shell's own), <c>served</c> (one date process), <c>date</c> (one each time), <c>uptime</c> (10 ms steps).</summary>
    public required string Clock { get; init; }

    /// <summary>Step of that clock, ns: a stamp may be that much too early.</summary>
    public required long ResolutionNs { get; init; }

    /// <summary>Whether each program gets a session of its own, so that all its children end with it.</summary>
    public required bool HasGroups { get; init; }

    /// <summary>Whether <c>sleep</c> takes fractions; without, the last 1.5 s before an instant are spent looking at the clock.</summary>
    public required bool HasFineSleep { get; init; }

    /// <summary>Programs that are there, of those this program can make use of.</summary>
    public required IReadOnlySet<string> Tools { get; init; }

    /// <summary>Kernel and version, <c>Linux 6.1.0</c>.</summary>
    public required string System { get; init; }

    /// <summary>Processor, <c>x86_64</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>The host's own name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether programs run as root there.</summary>
    public required bool IsRoot { get; init; }

    internal static RemoteFacts Of(IReadOnlyDictionary<string, string> facts) => new()
    {
        Clock = facts.GetValueOrDefault("clock", "date"),
        ResolutionNs = long.TryParse(facts.GetValueOrDefault("res"), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 1_000_000_000,
        HasGroups = facts.GetValueOrDefault("setsid") == "1",
        HasFineSleep = facts.GetValueOrDefault("fine") == "1",
        Tools = facts.GetValueOrDefault("tools", "").Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
        System = $"{facts.GetValueOrDefault("system", "?")} {facts.GetValueOrDefault("release", "?")}",
        Machine = facts.GetValueOrDefault("machine", "?"),
        Name = facts.GetValueOrDefault("name", "?"),
        IsRoot = facts.GetValueOrDefault("uid") == "0",
    };
}
