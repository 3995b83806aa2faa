namespace FailoverLab.Services;

/// <summary>What the holder of a token may do.</summary>
public enum AccessRole
{
    /// <summary>Read everything.</summary>
    Reader,

    /// <summary>Report and read for one device: itself.</summary>
    Device,

    /// <summary>Read everything, and register and report for any device.</summary>
    Operator,

    /// <summary>Everything: also set and push configurations.</summary>
    Admin,
}
