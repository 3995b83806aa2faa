using System.Diagnostics;
using System.Globalization;
using FailoverLab.Scenarios;

namespace FailoverLab.Integration.Tests;

/// <summary>An independent reader of the same captures.</summary>
internal static class Tshark
{
    /// <summary>UDP port of a flow, from the plan of its run.</summary>
    public static async Task<int> PortOfAsync(string run, string flow)
    {
        var plan = PlanJson.Read(await File.ReadAllTextAsync(Path.Combine(run, "plan.json")));
        return plan.Steps.Select(s => s.Action).OfType<TrafficStart>().SelectMany(t => t.Flows).Single(f => f.Name == flow).Port;
    }

    /// <summary>Distinct probe sequence numbers to a UDP port in a capture, as tshark sees them.</summary>
    public static async Task<IReadOnlyCollection<string>> ProbesAsync(string capture, int port)
    {
        var lines = await RunAsync("-n", "-r", capture, "-Y", $"udp.dstport == {port} && udp.payload[0:4] == 46:4c:50:31", "-T", "fields", "-e", "udp.payload");

        // Payload as hex: magic, flow id, then the sequence in digits 16..32.
        return lines.Select(line => line[16..32]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Packets and lost packets of the one RTP stream to a UDP port, as tshark counts them.</summary>
    public static async Task<(long Packets, long Lost)> RtpStreamAsync(string capture, int port)
    {
        var lines = await RunAsync("-n", "-q", "-r", capture, "-d", $"udp.port=={port},rtp", "-z", "rtp,streams");

        // Start, end, source, port, destination, port, source identifier, payload, packets, lost.
        var words = lines.Single(l => l.Contains(" 0x", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindIndex(words, w => w.StartsWith("0x", StringComparison.Ordinal));
        return (long.Parse(words[at + 2], CultureInfo.InvariantCulture), long.Parse(words[at + 3], CultureInfo.InvariantCulture));
    }

    private static async Task<IReadOnlyList<string>> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return lines;
    }
}
