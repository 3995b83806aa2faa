using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>A directory for runs that ends with the test, and readers of what a run left in it.</summary>
internal sealed class RunFixture : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("failoverlab-runs-").FullName;

    /// <summary>The latest run.</summary>
    public string Latest => Path.Combine(Directory, "latest");

    /// <summary>Writes a scenario beside the runs.</summary>
    public string Scenario(string yaml)
    {
        var file = Path.Combine(Directory, "scenario-under-test.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    public RunResult Result() =>
        JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Latest, "result.json")), ResultsJson.Document.RunResult)!;

    public IReadOnlyList<RunEvent> Events() =>
        [.. File.ReadLines(Path.Combine(Latest, "events.ndjson")).Select(l => JsonSerializer.Deserialize(l, ResultsJson.Line.RunEvent)!)];

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
