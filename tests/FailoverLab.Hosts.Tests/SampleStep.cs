using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>A step of a plan that lanes can be given.</summary>
internal static class SampleStep
{
    /// <summary>One of that name, so many ms after the start.</summary>
    public static StepPlan At(int atMs, string name) => new()
    {
        Name = name,
        Host = "traffic",
        At = TimeSpan.FromMilliseconds(atMs),
        Action = new StopStep(StopTarget.Traffic),
        Command = $"do {name}",
        Undo = "",
        Position = SourcePosition.WholeFile("test"),
    };
}
