namespace FailoverLab.WanDrivers;

/// <summary>Words for what no driver of real links can do.</summary>
internal static class Beyond
{
    /// <summary>Where it can be done: driver <c>emulator</c>, a link of the embedded lab, and the verb <c>wan</c>.</summary>
    public const string Emulator = "only the emulator can";

    /// <summary>A value of a kind that the driver was not written for: refused, or it would be done by doing nothing.</summary>
    public static string Unknown(string driver, object? kind) => $"{driver} was never told of {kind?.GetType().Name}; {Emulator}";
}
