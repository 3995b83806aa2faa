namespace FailoverLab.Tunnel;

/// <summary>A router an endpoint has tunnels to.</summary>
/// <param name="RouterId">Its id.</param>
/// <param name="Address">Its outer address as text, told to the next router so that it can deactivate this one.</param>
public sealed record RouterTarget(string RouterId, string Address);
