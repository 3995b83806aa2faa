namespace FailoverLab.Proxmox;

/// <summary>A node of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOnline">Whether the cluster reaches it.</param>
/// <param name="Uptime">How long it has run; zero when it is not known.</param>
public sealed record PveNode(string Name, bool IsOnline, TimeSpan Uptime);
