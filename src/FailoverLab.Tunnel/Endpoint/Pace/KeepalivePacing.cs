namespace FailoverLab.Tunnel;

/// <summary>How quiet tunnels may be on which little depends.</summary>
/// <param name="StandbyMultiple">Keepalive intervals from one keepalive to the next on a tunnel that carries nothing; 1 = as often as on the others.</param>
/// <param name="IdleAfter">When nothing was carried either way for this long, the active tunnel counts as standby too.</param>
public sealed record KeepalivePacing(int StandbyMultiple, TimeSpan IdleAfter)
{
    /// <summary>Every eighth keepalive; idle after 10 s.</summary>
    public static KeepalivePacing Default { get; } = new(8, TimeSpan.FromSeconds(10));
}
