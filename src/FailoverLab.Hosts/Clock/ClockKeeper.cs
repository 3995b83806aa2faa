using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>What keeps a host's clock: chrony's own figures, and whether a hypervisor's clock can be read there.</summary>
internal static class ClockKeeper
{
    /// <summary>In words, for the run's events; never fails.</summary>
    public static async Task<string> ReadAsync(IShell shell, CancellationToken cancellationToken)
    {
        var tracking = await shell.RunAsync(new ShellCommand("chronyc", "-c", "tracking") { Timeout = TimeSpan.FromSeconds(3) }, cancellationToken);
        var ptp = await shell.RunAsync(new ShellCommand("sh", "-c", "cat /sys/class/ptp/*/clock_name"), cancellationToken);
        return Words(tracking.IsSuccess ? tracking.Output : "", ptp.Output);
    }

    /// <summary>The same from what the commands printed. Pure.</summary>
    /// <param name="tracking">Output of <c>chronyc -c tracking</c>; empty without chrony.</param>
    /// <param name="ptpClocks">Names of the host's PTP clocks, one a line.</param>
    public static string Words(string tracking, string ptpClocks)
    {
        // Fields: reference id, its name, stratum, reference time, system time offset (s), last offset, RMS offset, frequency (ppm), …
        var fields = tracking.Trim().Split(',');
        var chrony = fields.Length >= 8 && double.TryParse(fields[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var offset)
            ? string.Create(CultureInfo.InvariantCulture, $"chrony follows {SshFailureReader.Printable(fields[1])}, stratum {SshFailureReader.Printable(fields[2])}, {offset * 1e6:0} us off by its own account")
            : "no chrony";
        return ptpClocks.Contains("KVM", StringComparison.OrdinalIgnoreCase) ? chrony + "; the hypervisor's clock (ptp_kvm) can be read" : chrony;
    }
}
