namespace FailoverLab.Hosts;

/// <summary>What a check came to, from good to bad.</summary>
public enum FindingStatus
{
    /// <summary>As it should be; the evidence says how that is known.</summary>
    Ok,

    /// <summary>Worth knowing; nothing is refused for it.</summary>
    Note,

    /// <summary>It could not be found out; the evidence says why.</summary>
    Unknown,

    /// <summary>A run would fail or mislead; refused.</summary>
    Bad,
}
