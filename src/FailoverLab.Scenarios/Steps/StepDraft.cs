using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>What every step has, whatever it does.</summary>
/// <param name="Number">Place in the file, from 1.</param>
/// <param name="Kind">Key of its action.</param>
/// <param name="Name">Name given; null to make one.</param>
/// <param name="At">Planned start; null when the file's is faulty.</param>
/// <param name="Hosts">The step's <c>hosts</c>; perhaps absent.</param>
/// <param name="Position">Where the step stands.</param>
internal sealed record StepDraft(int Number, string Kind, string? Name, TimeSpan? At, ValueReader Hosts, SourcePosition Position);
