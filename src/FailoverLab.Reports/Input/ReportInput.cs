using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Everything a report is made from, all of it from one run directory.</summary>
public sealed record ReportInput
{
    /// <summary>Name of the run directory, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The run record; <see langword="null"/> when <c>result.json</c> is missing or cannot be read.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Events in file order; empty when there is no <c>events.ndjson</c>.</summary>
    public IReadOnlyList<RunEvent> Events { get; init; } = [];

    /// <summary>The scenario file as run, secrets already replaced; <see langword="null"/> when missing.</summary>
    public string? ScenarioText { get; init; }

    /// <summary>The hosts file as run, secrets already replaced; <see langword="null"/> when missing.</summary>
    public string? HostsText { get; init; }

    /// <summary>What was missing or torn, a sentence each; the report prints them.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>
    /// Reads a run directory. Nothing in it is required: a file that is missing, torn or unreadable becomes a sentence in
    /// <see cref="Problems"/>, so that a report can be made from any prefix of a run.
    /// </summary>
    /// <param name="directory">The run directory.</param>
    public static ReportInput Load(string directory)
    {
        var problems = new List<string>();
        var resultText = ReadText(directory, "result.json", problems, required: true);
        var eventBytes = ReadText(directory, "events.ndjson", problems, required: true);
        return new ReportInput
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
            Result = resultText is null ? null : ParseResult(resultText, problems),
            Events = eventBytes is null ? [] : EventLog.Parse(eventBytes, problems),
            ScenarioText = ReadText(directory, "scenario.yaml", problems, required: false),
            HostsText = ReadText(directory, "hosts.yaml", problems, required: false),
            Problems = problems,
        };
    }

    private static RunResult? ParseResult(string text, List<string> problems)
    {
        try
        {
            var result = JsonSerializer.Deserialize(text, ResultsJson.Document.RunResult);
            if (result is null)
            {
                problems.Add("result.json is empty: no figures can be shown.");
            }

            return result;
        }
        catch (JsonException e)
        {
            problems.Add($"result.json cannot be read (line {e.LineNumber + 1}): the run ended while it was written, or it is not a result.");
            return null;
        }
    }

    private static string? ReadText(string directory, string name, List<string> problems, bool required)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            if (required)
            {
                problems.Add($"{name} is missing: the run ended before it was written.");
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{name} cannot be read: {e.Message}");
            return null;
        }
    }
}
