namespace FailoverLab.Services;

/// <summary>What a service serves. Its disposal comes after the last request and writes down what is to be kept.</summary>
internal interface IWebProgram : IAsyncDisposable
{
    /// <summary>Its title, as the OpenAPI document says it.</summary>
    string Title { get; }

    /// <summary>Its routes; those every service has are added.</summary>
    IReadOnlyList<ApiRoute> Routes { get; }

    /// <summary>Writes its figures for Prometheus.</summary>
    void Measure(MetricsText text);
}
