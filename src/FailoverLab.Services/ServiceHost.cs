namespace FailoverLab.Services;

/// <summary>What a service is given by whoever starts it.</summary>
/// <param name="Out">Standard output: one JSON line per event.</param>
/// <param name="Error">Standard error: faults in words.</param>
/// <param name="Gate">Standard input, from which a line starts the service; <see langword="null"/> starts it at once.</param>
/// <param name="Time">Clock.</param>
public sealed record ServiceHost(TextWriter Out, TextWriter Error, TextReader? Gate, TimeProvider Time)
{
    /// <summary>What a client may take; tests are less patient.</summary>
    internal WebLimits Limits { get; init; } = WebLimits.Default;
}
