using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using FailoverLab.Results;

namespace FailoverLab.Reports.Tests;

/// <summary>docs/RESULTS.md names everything a run can write.</summary>
public sealed class ResultsDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "RESULTS.md"));

    private static readonly HashSet<string> Named = [.. Regex.Matches(Document, "`([^`]+)`").SelectMany(m => Words(m.Groups[1].Value))];

    [TestCase(typeof(RunResult))]
    [TestCase(typeof(RunEvent))]
    [TestCase(typeof(GaugeResult))]
    public void Document_EveryJsonProperty_IsNamed(Type root)
    {
        var missing = Types(ResultsJson.Document.GetTypeInfo(root)!, []).SelectMany(t => t.Properties.Select(p => (Type: t.Type.Name, p.Name))).Where(p => !Named.Contains(p.Name));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Document_EveryEnumValue_IsNamedAsItIsWritten()
    {
        object[] values = [.. Enum.GetValues<Verdict>(), .. Enum.GetValues<FlowKind>(), .. Enum.GetValues<FailoverKind>(), .. Enum.GetValues<RunEventKind>(), .. Enum.GetValues<AnatomyMarkKind>()];
        var written = values.Select(v => JsonSerializer.Serialize(v, ResultsJson.Document.GetTypeInfo(v.GetType())!).Trim('"'));
        Assert.That(written.Where(v => !Named.Contains(v)), Is.Empty);
    }

    [Test]
    public void Document_EveryStackEventAndCaveat_IsNamed()
    {
        var events = Matches("src/FailoverLab.Tunnel", "StackEventNames.cs", "const string \\w+ = \"([a-z-]+)\"");
        var caveats = Matches("src", "*.cs", "new Caveat\\(\\s*(?:[\\w.]+ \\? )?\"([a-z-]+)\"");
        Assert.That(events, Has.Count.GreaterThan(10));
        Assert.That(caveats, Has.Count.GreaterThan(10));
        Assert.That(events.Concat(caveats).Where(n => !Named.Contains(n)), Is.Empty);
    }

    private static HashSet<JsonTypeInfo> Types(JsonTypeInfo type, HashSet<JsonTypeInfo> seen)
    {
        if (type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary && type.ElementType is { } element)
        {
            return Types(ResultsJson.Document.GetTypeInfo(element)!, seen);
        }

        if (type.Kind == JsonTypeInfoKind.Object && seen.Add(type))
        {
            foreach (var property in type.Properties)
            {
                Types(ResultsJson.Document.GetTypeInfo(property.PropertyType)!, seen);
            }
        }

        return seen;
    }

    /// <summary><c>hosts[].offsetNs</c> names hosts and offsetNs.</summary>
    private static IEnumerable<string> Words(string code) => Regex.Matches(code, "[A-Za-z0-9-]+").Select(m => m.Value);

    private static List<string> Matches(string folder, string files, string pattern) =>
        [.. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, folder), files, SearchOption.AllDirectories)
            .SelectMany(f => Regex.Matches(File.ReadAllText(f), pattern).Select(m => m.Groups[1].Value))
            .Distinct()];
}
