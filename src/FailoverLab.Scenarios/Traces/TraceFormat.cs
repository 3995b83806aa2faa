namespace FailoverLab.Scenarios;

/// <summary>Forms of trace files.</summary>
public enum TraceFormat
{
    /// <summary>mahimahi: one millisecond a line, at which one packet may leave.</summary>
    Mahimahi,

    /// <summary>TheaterQ: comma-separated rows of conditions, each with how long it holds.</summary>
    TheaterQ,

    /// <summary>IRTT: the JSON of a measurement, each round trip a row.</summary>
    Irtt,
}
