namespace FailoverLab.Scenarios;

/// <summary>Direction over a WAN link, seen from the site with several links.</summary>
public enum LinkDirection
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>From the site (endpoint) towards the far end.</summary>
    Up,

    /// <summary>From the far end towards the site.</summary>
    Down,
}
