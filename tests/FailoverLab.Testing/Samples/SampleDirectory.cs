using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Testing;

/// <summary>Writes a sample run as a run directory.</summary>
public static class SampleDirectory
{
    /// <summary>A scenario file that would give the sample run.</summary>
    public const string ScenarioText =
        """
        version: 1
        name: starlink-drop
        description: The working Starlink link is dropped silently, then restored.
        duration: 15s
        steps:
          - { at: 4s, degrade: starlink-1, drop: true }
          - { at: 8s, restore: starlink-1 }
        expect:
          - { outage: { max: 100ms } }

        """;

    /// <summary>Writes result.json, events.ndjson and scenario.yaml into <paramref name="directory"/>, made when missing.</summary>
    public static void Write(string directory, RunResult result, IReadOnlyList<RunEvent> events)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "result.json"), JsonSerializer.Serialize(result, ResultsJson.Document.RunResult));
        File.WriteAllLines(
            Path.Combine(directory, "events.ndjson"),
            events.Select(e => JsonSerializer.Serialize(e, ResultsJson.Line.RunEvent)));
        File.WriteAllText(Path.Combine(directory, "scenario.yaml"), ScenarioText);
    }
}
