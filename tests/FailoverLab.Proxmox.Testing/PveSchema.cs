using System.Text.Json;

namespace FailoverLab.Proxmox.Testing;

/// <summary>
/// PVE's published API, as data: which methods there are, with which parameters. The file is not part of this repository; the variable
/// <see cref="Variable"/> says where it is (the tree of the API viewer of pve-docs, as JSON).
/// </summary>
public sealed class PveSchema
{
    /// <summary>Names the file.</summary>
    public const string Variable = "FAILOVERLAB_PVE_SCHEMA";

    private static readonly Lazy<PveSchema?> Loaded = new(Load);
    private readonly List<(string Method, string[] Path, JsonElement Info)> _methods = [];

    private PveSchema(JsonElement tree) => Walk(tree);

    /// <summary>The API; <see langword="null"/> where the file is not at hand.</summary>
    public static PveSchema? Published => Loaded.Value;

    /// <summary>Why it is not at hand.</summary>
    public static string Absence => $"PVE's published API is not at hand: set {Variable} to the tree of its API viewer as JSON";

    /// <summary>How many methods there are.</summary>
    public int Methods => _methods.Count;

    /// <summary>A method; <see langword="null"/> where there is none. A path may be filled in or have its names in braces.</summary>
    public JsonElement? Find(string method, string path) => Match(method, path)?.Info;

    /// <summary>What the API would not take of a request.</summary>
    public IReadOnlyList<string> FaultsOf(string method, string path, IEnumerable<KeyValuePair<string, string>> values)
    {
        if (Match(method, path) is not var (template, info))
        {
            return [$"there is no {method} {path}"];
        }

        var named = template.Zip(Parts(path)).Where(p => p.First[0] == '{').Select(p => KeyValuePair.Create(p.First[1..^1], p.Second));
        return [.. PveSchemaRules.FaultsOf(info, [.. named, .. values])];
    }

    /// <summary>What of an answer the API would not give.</summary>
    public IReadOnlyList<string> FaultsOfReply(string method, string path, JsonElement data) =>
        Find(method, path) is { } info && info.TryGetProperty("returns", out var returns) ? [.. PveSchemaRules.FaultsOfValue("data", returns, data)] : [];

    private static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The method whose path has the fewest open names.</summary>
    private (string[] Path, JsonElement Info)? Match(string method, string path)
    {
        var parts = Parts(path);
        return _methods.Where(m => m.Method == method && m.Path.Length == parts.Length && m.Path.Zip(parts).All(p => p.First[0] == '{' || p.First == p.Second))
            .OrderBy(m => m.Path.Count(p => p[0] == '{')).Select(m => ((string[], JsonElement)?)(m.Path, m.Info)).FirstOrDefault();
    }

    private static PveSchema? Load()
    {
        var file = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(file) || !File.Exists(file))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 256 });
        return new PveSchema(document.RootElement.Clone());
    }

    private void Walk(JsonElement nodes)
    {
        foreach (var node in nodes.EnumerateArray())
        {
            if (node.TryGetProperty("info", out var info))
            {
                var path = Parts(node.GetProperty("path").GetString()!);
                _methods.AddRange(info.EnumerateObject().Select(m => (m.Name, path, m.Value)));
            }

            if (node.TryGetProperty("children", out var children))
            {
                Walk(children);
            }
        }
    }
}
