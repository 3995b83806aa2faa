namespace FailoverLab.Scenarios;

/// <summary>A name for several hosts.</summary>
/// <param name="Name">The group's name; no host has it.</param>
/// <param name="Hosts">Its hosts, each once, in order of the file.</param>
public sealed record GroupPlan(string Name, IReadOnlyList<string> Hosts);
