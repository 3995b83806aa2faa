using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Hosts;

/// <summary>Reads a line of the failover stack's programs: one event as JSON.</summary>
public static class StackLine
{
    /// <summary>Reads one.</summary>
    /// <param name="host">The host its program runs on.</param>
    /// <param name="line">The line.</param>
    /// <param name="offsetNs">The host's clock less the reference clock, ns.</param>
    /// <param name="item">The event on the reference clock.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(string host, string line, long offsetNs, [NotNullWhen(true)] out RunEvent? item)
    {
        item = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            item = new RunEvent
            {
                AtNs = root.GetProperty("atNs").GetInt64() - offsetNs,
                Kind = RunEventKind.Stack,
                Host = host,
                Text = root.GetProperty("event").GetString()!,
                Data = root.TryGetProperty("data", out var data)
                    ? data.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal)
                    : null,
            };
            return true;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
