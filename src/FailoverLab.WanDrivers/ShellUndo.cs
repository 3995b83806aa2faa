using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>Puts a link back by the commands of its snapshot, and proves it by its checks.</summary>
internal static class ShellUndo
{
    /// <summary>Runs them all. A command may fail because there is nothing left to undo: the checks decide.</summary>
    /// <exception cref="StepFailedException">A check is not met.</exception>
    public static async Task<LinkApplied> RunAsync(IShell shell, LinkSnapshot snapshot, CancellationToken cancellationToken)
    {
        long before = 0, after = 0;
        var complaints = new List<string>();
        foreach (var command in snapshot.Undo)
        {
            var (result, begun, ended) = await TimedCommand.RunAsync(shell, command, cancellationToken);
            before = before == 0 ? begun : before;
            after = ended;
            if (!result.IsSuccess)
            {
                complaints.Add($"{command}: {Complaint.Of(result)}");
            }
        }

        foreach (var check in snapshot.Checks)
        {
            var result = await shell.RunAsync(check.Command, cancellationToken);
            if (!check.IsMetBy(result))
            {
                var seen = result.IsSuccess ? result.Output.Trim() : Complaint.Of(result);
                throw new StepFailedException($"link {snapshot.Link} is not as it was: {check.Command} prints {seen}, before the run it printed {check.Expected}"
                    + (complaints.Count > 0 ? $"; {string.Join("; ", complaints)}" : ""));
            }
        }

        return new LinkApplied(after, $"as before: {snapshot.Words}") { NotBeforeRealtimeNs = before == 0 ? null : before };
    }
}
