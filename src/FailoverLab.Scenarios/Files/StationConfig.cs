using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>What a host over ssh has of a node of the embedded lab, so that the same scenario runs on both.</summary>
/// <param name="Interfaces">Its interfaces; null where none are written.</param>
/// <param name="Program">Verb of the failover stack it runs; null when none.</param>
/// <param name="ConfigFile">That program's config file, absolute; present with it.</param>
/// <param name="Position">Where the first of these keys stands.</param>
internal sealed record StationConfig(IReadOnlyList<InterfacePlan>? Interfaces, string? Program, string? ConfigFile, SourcePosition Position);
