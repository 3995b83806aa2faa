using System.Text.Json;
using System.Text.Json.Nodes;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Reports.Tests;

/// <summary>The sample run with every free text replaced by something that wants to be markup.</summary>
internal static class HostileText
{
    public const string Payload = "</title></script><script>document.title='owned'</script><img src=x onerror=alert(1)>\" onload='x' &lt; ]]> \u202E\u0000\u001b[2J\uD800";

    private static readonly HashSet<string> Kept = ["verdict", "kind", "mark"];

    public static ReportInput Input()
    {
        var result = JsonNode.Parse(JsonSerializer.Serialize(SampleRun.Build(), ResultsJson.Document.RunResult))!;
        Poison(result);
        return new ReportInput
        {
            Name = Payload,
            Result = result.Deserialize(ResultsJson.Document.RunResult),
            Events = [.. SampleEvidence.Events().Select(e => e with { Text = Payload, Host = Payload, Step = Payload, Data = new Dictionary<string, string> { [Payload] = Payload } })],
            ScenarioText = Payload,
            HostsText = Payload,
            Problems = [Payload],
        };
    }

    private static void Poison(JsonNode node)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                Replace(array[i], v => array[i] = v);
            }
        }
        else if (node is JsonObject item)
        {
            foreach (var key in item.Select(p => p.Key).Where(k => !Kept.Contains(k)).ToList())
            {
                Replace(item[key], v => item[key] = v);
            }
        }
    }

    private static void Replace(JsonNode? node, Action<JsonNode> set)
    {
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            set(JsonValue.Create(Payload.Replace("\uD800", string.Empty, StringComparison.Ordinal)));
        }
        else if (node is not null)
        {
            Poison(node);
        }
    }
}
