using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>A flow that makes its own entries of the record.</summary>
internal interface IReportingTrack : IFlowTrack
{
    /// <summary>The flow over time.</summary>
    IEnumerable<FlowSeriesWatch> Series { get; }

    /// <summary>Names of its entries, each with the point it is read from.</summary>
    IEnumerable<(string Flow, int Point)> Sources { get; }

    /// <summary>Its entries, one per direction.</summary>
    IEnumerable<FlowSummary> Flows(SeriesBuilder series);

    /// <summary>Its outages.</summary>
    IEnumerable<Outage> Outages(long observationEndNs);
}
