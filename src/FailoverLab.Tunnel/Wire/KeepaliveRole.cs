namespace FailoverLab.Tunnel;

/// <summary>Who wrote a keepalive; keeps one's own keepalives from counting when they are thrown back.</summary>
public enum KeepaliveRole : byte
{
    /// <summary>The endpoint.</summary>
    Endpoint = 1,

    /// <summary>The router.</summary>
    Router = 2,
}
