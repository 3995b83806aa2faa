using System.Text;

namespace FailoverLab.Proxmox;

/// <summary>A call with its values, checked.</summary>
/// <param name="Call">What is called.</param>
/// <param name="Values">Names and values, those of the path among them.</param>
internal sealed record PveRequest(PveCall Call, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    /// <summary>Longest time of this call; <see langword="null"/> for the endpoint's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Path below the host with its values filled in; with no query, so that it may be shown.</summary>
    public string Path
    {
        get
        {
            var path = new StringBuilder("/api2/json");
            foreach (var part in Call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                path.Append('/').Append(part[0] == '{' ? Uri.EscapeDataString(Of(part[1..^1])) : part);
            }

            return path.ToString();
        }
    }

    /// <summary>Path and query as sent.</summary>
    public string PathAndQuery => Call.Method == HttpMethod.Get || Call.Method == HttpMethod.Delete
        ? Path + (Rest.Any() ? "?" + string.Join('&', Rest.Select(v => $"{Uri.EscapeDataString(v.Key)}={Uri.EscapeDataString(v.Value)}")) : "")
        : Path;

    /// <summary>The body of a write; <see langword="null"/> for reads and deletions, whose values stand in the query.</summary>
    public HttpContent? Content() => Call.Method == HttpMethod.Get || Call.Method == HttpMethod.Delete ? null : new FormUrlEncodedContent(Rest);

    /// <summary>For messages: method and path, no values but those of the path.</summary>
    public override string ToString() => $"{Call.Method} {Path["/api2/json".Length..]}";

    private IEnumerable<KeyValuePair<string, string>> Rest => Values.Where(v => !Call.Path.Contains($"{{{v.Key}}}", StringComparison.Ordinal));

    private string Of(string name) => Values.First(v => v.Key == name).Value;
}
