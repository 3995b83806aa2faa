using System.Diagnostics;
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
        var start = new ProcessStartInfo("tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-n", "-r", capture, "-Y", $"udp.dstport == {port} && udp.payload[0:4] == 46:4c:50:31", "-T", "fields", "-e", "udp.payload"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var sequences = new HashSet<string>(StringComparer.Ordinal);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // Payload as hex: magic, flow id, then the sequence in digits 16..32.
            sequences.Add(line[16..32]);
        }

        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return sequences;
    }
}
