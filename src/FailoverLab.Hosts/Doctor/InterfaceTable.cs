using System.Text.Json;

namespace FailoverLab.Hosts;

/// <summary>Interfaces of a host and what they are made of, as <c>ip -json link show</c> prints them.</summary>
internal sealed class InterfaceTable
{
    private readonly List<(string Name, string? Parent, string? Master)> _interfaces = [];

    /// <summary>Reads the table; null when it is not one.</summary>
    public static InterfaceTable? Parse(ShellResult? answer)
    {
        if (answer is not { IsSuccess: true })
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Output);
            var table = new InterfaceTable();
            foreach (var entry in document.RootElement.EnumerateArray())
            {
                if (Text(entry, "ifname") is { } name)
                {
                    table._interfaces.Add((name, Text(entry, "link"), Text(entry, "master")));
                }
            }

            return table;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An interface and all it rests on: the ports of a bridge or bond, the interface under a VLAN.</summary>
    public IReadOnlySet<string> Under(string name)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([name]);
        while (open.TryPop(out var at))
        {
            if (found.Add(at))
            {
                foreach (var below in _interfaces.Where(i => i.Master == at).Select(i => i.Name).Concat(_interfaces.Where(i => i.Name == at).Select(i => i.Parent).OfType<string>()))
                {
                    open.Push(below);
                }
            }
        }

        return found;
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
