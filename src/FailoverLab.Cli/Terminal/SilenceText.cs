using System.Globalization;
using FailoverLab.Runner;

namespace FailoverLab.Cli;

/// <summary>The outage ticker of a flow.</summary>
internal static class SilenceText
{
    /// <summary>Shorter silences are the traffic's own rhythm, not an outage worth a line.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the flow is silent now, long enough to say so. Once the plan is done its traffic is, as planned.</summary>
    public static bool IsDown(RunSnapshot run, FlowState flow) => run.Phase == "running" && flow.Silence >= Noticeable;

    /// <summary><c>down 412 ms and counting</c>, <c>longest silence 61 ms</c>, or nothing.</summary>
    public static string Of(RunSnapshot run, FlowState flow) =>
        IsDown(run, flow) ? $"down {Milliseconds(flow.Silence)} and counting"
        : run.Phase == "running" && flow.LongestSilence >= Noticeable ? $"longest silence {Milliseconds(flow.LongestSilence)}"
        : string.Empty;

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms";
}
