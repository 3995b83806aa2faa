using FailoverLab.Runner;

namespace FailoverLab.Cli.Tests;

/// <summary>A run 4.12 s in, starlink-1 just dropped.</summary>
internal static class SampleSnapshot
{
    public static RunSnapshot At(double seconds, string scenario = "starlink-drop") => new()
    {
        Scenario = scenario,
        Phase = "running",
        Elapsed = TimeSpan.FromSeconds(seconds),
        Duration = TimeSpan.FromSeconds(15),
        Next = new NextStep(TimeSpan.FromSeconds(8), "restore starlink-1"),
        Paths = [new PathState("byu", "good", false, 12, 14), new PathState("starlink-1", "silent drop", true, 4112, 4100)],
        Flows =
        [
            new FlowState("probe-v4-up", 4112, 4050, TimeSpan.FromMilliseconds(412), TimeSpan.FromMilliseconds(412)),
            new FlowState("probe-v4-down", 4112, 4101, TimeSpan.Zero, TimeSpan.FromMilliseconds(61)),
        ],
    };
}
