namespace FailoverLab.Wan;

/// <summary>Directions over a WAN link, seen from its <c>lan</c> side.</summary>
[Flags]
public enum LinkDirections
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>From the lan side to the wan side.</summary>
    Up = 1,

    /// <summary>From the wan side to the lan side.</summary>
    Down = 2,

    /// <summary>Both.</summary>
    Both = Up | Down,
}
