namespace FailoverLab.Hosts;

/// <summary>What is said of a step that failed. A lane has a thread of its own, where an exception that nobody catches would end the whole program, and with it every other host's part.</summary>
internal static class StepFault
{
    /// <summary>The failure in words: a step's own are made for people, any other is a bug of ours and is told with its kind.</summary>
    public static string Words(Exception failure) => failure is StepFailedException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";

    /// <summary>Calls off a step that lies ready, whatever comes of it.</summary>
    /// <returns>Why it could not be; <see langword="null"/> when it was.</returns>
    public static string? OfCallingOff(IPreparedStep prepared)
    {
        try
        {
            prepared.CallOff();
            return null;
        }
#pragma warning disable CA1031 // See above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return $"could not be called off: {Words(failure)}";
        }
    }
}
