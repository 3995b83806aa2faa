namespace FailoverLab.Tunnel;

/// <summary>What the policy wants.</summary>
/// <param name="Tunnel">Index of the tunnel to use; -1 when nothing was ever heard.</param>
/// <param name="Reason">Why, where it differs from the active one.</param>
public readonly record struct TunnelChoice(int Tunnel, string Reason);
