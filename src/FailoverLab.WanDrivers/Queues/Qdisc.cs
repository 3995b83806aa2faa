using System.Text.Json;

namespace FailoverLab.WanDrivers;

/// <summary>A queueing discipline as <c>tc -json qdisc show</c> prints it.</summary>
/// <param name="Kind"><c>netem</c>, <c>tbf</c>, <c>fq_codel</c> ...</param>
/// <param name="Handle">Its number, <c>f10b:</c>; <c>0:</c> for one that the kernel gave by default.</param>
/// <param name="IsRoot">Whether it is the interface's outermost.</param>
/// <param name="Options">Its settings as printed.</param>
internal sealed record Qdisc(string Kind, string Handle, bool IsRoot, JsonElement Options)
{
    /// <summary>Whether the kernel put it there by itself: such a one comes back when ours is deleted.</summary>
    public bool IsKernelDefault => Handle == "0:";

    /// <summary>Reads what tc printed for one interface.</summary>
    /// <param name="text">A JSON array.</param>
    /// <returns>The outermost one, or <see langword="null"/> when there is none or the text is something else.</returns>
    public static Qdisc? ReadRoot(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? document.RootElement.EnumerateArray().Select(Read).FirstOrDefault(q => q is { IsRoot: true })
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Qdisc? Read(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
        && item.TryGetProperty("handle", out var handle) && handle.ValueKind == JsonValueKind.String
            ? new Qdisc(kind.GetString()!, handle.GetString()!, item.TryGetProperty("root", out _), item.TryGetProperty("options", out var options) ? options.Clone() : default)
            : null;
}
