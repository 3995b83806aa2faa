using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>Whether something keeps the host's clock. The offset itself is measured by <c>hosts clock</c> and in every run.</summary>
internal sealed class TimeSyncCheck : IHostCheck
{
    internal static readonly ShellCommand Chrony = new("chronyc", "-n", "-c", "tracking");
    private static readonly ShellCommand Timedate = new("timedatectl", "show", "--property=NTPSynchronized", "--value");

    public string Name => "time";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Chrony, Timedate];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (Tracking(answers.Line(Chrony)) is { } tracking)
        {
            yield return tracking.IsSynchronised
                ? answers.Ok(Name, tracking.ToString())
                : answers.Note(Name, tracking.ToString(), "chronyc sources -v says which server is missing");
            yield break;
        }

        yield return answers.Line(Timedate) switch
        {
            "yes" => answers.Ok(Name, "kept by systemd's time service (NTPSynchronized=yes)"),
            "no" => answers.Note(Name, "nothing keeps this clock (NTPSynchronized=no); offsets are measured all the same, but it drifts", "apt-get install chrony"),
            _ => answers.Unknown(Name, "neither chrony nor systemd's time service answers", "apt-get install chrony"),
        };
    }

    /// <summary>What chrony says; null when the line is not its own.</summary>
    internal static ChronyTracking? Tracking(string? line)
    {
        // Reference id, its address, stratum, reference time, system offset, last offset, RMS offset, frequency, residual, skew, delay, dispersion, interval, leap.
        var fields = line?.Split(',') ?? [];
        return fields.Length >= 14
            && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var stratum)
            && double.TryParse(fields[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var offset)
            && double.TryParse(fields[7], NumberStyles.Float, CultureInfo.InvariantCulture, out var frequency)
            ? new ChronyTracking(fields[1].Length > 0 ? fields[1] : fields[0], stratum, offset, frequency, fields[13].Trim() == "Normal" && stratum > 0)
            : null;
    }
}
