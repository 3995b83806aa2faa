using System.Runtime.CompilerServices;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Where this repository lies, so that tests read the files that are shipped.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    public static string Hosts => Path.Combine(Root, "hosts.yaml");

    public static string Topology => Path.Combine(Root, "lab", "topology.yaml");

    public static string Docs => Path.Combine(Root, "docs", "SCENARIOS.md");

    public static string Scenario(string name) => Path.Combine(Root, "scenarios", name + ".yaml");

    public static IEnumerable<string> ScenarioNames() => Directory.EnumerateFiles(Path.Combine(Root, "scenarios"), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
