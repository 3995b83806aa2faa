namespace FailoverLab.Services;

/// <summary>Codes of faults in the services' config files; docs/TUNNEL.md gives cause and cure of each.</summary>
public static class ServiceCodes
{
    /// <summary>The score's weights do not sum to 1 (warning).</summary>
    public const string Weights = "FL2050";

    /// <summary>A pool ends before it starts.</summary>
    public const string EmptyPool = "FL2051";
}
