using System.Text.Json;

namespace FailoverLab.Hosts;

/// <summary>The way a packet takes, as <c>ip -json route get</c> prints it.</summary>
/// <param name="Device">Interface it leaves by.</param>
/// <param name="Gateway">Next hop; null on a network of the host's own.</param>
internal sealed record RouteBack(string Device, string? Gateway)
{
    /// <summary>Reads the answer; null when it is none.</summary>
    public static RouteBack? Parse(ShellResult? answer)
    {
        if (answer is not { IsSuccess: true })
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Output);
            var first = document.RootElement.EnumerateArray().FirstOrDefault();
            return first.ValueKind == JsonValueKind.Object && first.TryGetProperty("dev", out var device) && device.GetString() is { } name
                ? new RouteBack(name, first.TryGetProperty("gateway", out var gateway) ? gateway.GetString() : null)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
