using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.EmbeddedLab;

/// <summary>The gauge as the program sees it: a lab process of its own that ends with the run.</summary>
public static class GaugeLab
{
    /// <summary>Runs it.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="directory">Absolute path of a directory; captures go below it.</param>
    /// <param name="self">How this program is started.</param>
    /// <param name="cancellationToken">Gives up; nothing is left of the lab.</param>
    /// <returns>The truth and what was captured, and what went wrong on the way.</returns>
    /// <exception cref="StepHostException">The lab could not be built.</exception>
    public static async Task<(GaugeOutcome Outcome, IReadOnlyList<RunEvent> Faults)> RunAsync(
        GaugePlan plan, string directory, SelfCommand self, CancellationToken cancellationToken)
    {
        await using var lab = new LabProcess(LabLauncher.Start(self, survivesStarter: false));
        var answer = await lab.AskAsync(
            new LabRequest { Kind = LabRequestKind.Gauge, Gauge = plan, RunDirectory = directory }, cancellationToken);
        var faults = new List<RunEvent>();
        while (lab.Events.TryRead(out var fault))
        {
            faults.Add(fault);
        }

        return (answer.Gauge!, faults);
    }
}
