namespace FailoverLab.Tunnel;

/// <summary>How an endpoint's data is carried over its tunnels, both ways; on the wire in the endpoint's keepalives.</summary>
public enum DataMode
{
    /// <summary>Over the active tunnel.</summary>
    Plain,

    /// <summary>Every packet over the active tunnel and over another path to the same router; the copy that comes second is dropped.</summary>
    Duplicate,

    /// <summary>As <see cref="Duplicate"/>, but only from the first missed keepalive of the active tunnel until the choice is made.</summary>
    Adaptive,

    /// <summary>Over the active tunnel; when it is left in trouble, what the peer has not acknowledged is sent again over the next.</summary>
    Replay,

    /// <summary>Flow by flow over all clean paths to the active router, by weight.</summary>
    Weighted,
}
