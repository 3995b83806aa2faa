namespace FailoverLab.Results;


/// <summary>The machine and program a run was made with.</summary>
/// <param name="Program">Name and version of this program.</param>
/// <param name="Kernel">Operating system and kernel release.</param>
/// <param name="Runtime">.NET runtime version.</param>
/// <param name="Processors">Logical processors available.</param>
/// <param name="Privilege"><c>root</c> or <c>user namespace</c>.</param>
public sealed record RunEnvironment(string Program, string Kernel, string Runtime, int Processors, string Privilege);
