namespace FailoverLab.Restoration;

/// <summary>What is left to do by hand, in words and as commands that can be copied.</summary>
public static class LeftText
{
    /// <summary>The lines about one host that is not as it was found; empty when it is.</summary>
    public static IEnumerable<string> Of(HostRestoration host)
    {
        if (host.Fault is { } fault)
        {
            yield return $"{host.Host}: {fault}";
        }

        foreach (var line in host.Changes.Where(c => c.IsLeft).SelectMany(c => Of(host.Host, c)))
        {
            yield return line;
        }
    }

    /// <summary>How a change stands, in words.</summary>
    internal static string Word(UndoOutcome outcome) => outcome switch
    {
        UndoOutcome.Restored => "restored, read back",
        UndoOutcome.Foreign => "changed by somebody else meanwhile, left alone",
        UndoOutcome.Failed => "could not be undone",
        UndoOutcome.Unreachable => "not reached",
        _ => "not undone yet",
    };

    private static IEnumerable<string> Of(string host, ChangeState change)
    {
        yield return $"{host}: {change.Intent.Kind} {change.Intent.Target} is NOT restored: {(change.Words.Length > 0 ? change.Words : Word(change.Outcome))}";
        foreach (var line in change.Now is { } now ? StateDifference.Lines(change.Before, now) : [])
        {
            yield return "    " + line;
        }

        yield return change.Intent.Undo.Count > 0 ? $"  on {host}, run:" : $"  on {host}, by its management: {change.Intent.Words}";
        foreach (var command in change.Intent.Undo)
        {
            yield return "    " + command;
        }

        foreach (var check in change.Intent.Checks)
        {
            yield return $"  and see with: {check.Command}";
        }
    }
}
