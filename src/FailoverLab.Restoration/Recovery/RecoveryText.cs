namespace FailoverLab.Restoration;

/// <summary>What a recovery found and did, as lines for people.</summary>
public static class RecoveryText
{
    /// <summary>The lines, one host after another, faults last, and a closing line.</summary>
    /// <param name="report">The report.</param>
    /// <param name="isList">Whether the journals were only read.</param>
    public static IEnumerable<string> Lines(RecoveryReport report, bool isList)
    {
        foreach (var host in report.Hosts)
        {
            yield return $"{host.Host}  run {host.Run}  {(host.Restored ? "as it was found" : isList ? "changes not known to be undone" : "NOT restored")}: {host.Found}";
            foreach (var change in host.Changes)
            {
                yield return $"  {change.Kind} {change.Target}: {LeftText.Word(change.Outcome)}";
            }

            foreach (var line in host.Left)
            {
                yield return "  " + line;
            }

            if (host.Fault is { } fault)
            {
                yield return "  " + fault;
            }
        }

        foreach (var fault in report.Faults)
        {
            yield return fault;
        }

        yield return (report.Hosts.Count, report.Restored, isList) switch
        {
            (0, true, _) => "no run left anything",
            (_, true, _) => $"{report.Hosts.Count} of {report.Hosts.Count} hosts as they were found",
            (_, _, true) => "call `recover` to undo this",
            _ => $"{report.Hosts.Count(h => h.Restored)} of {report.Hosts.Count} hosts as they were found; what is left is above",
        };
    }
}
