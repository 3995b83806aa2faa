namespace FailoverLab.Proxmox;

/// <summary>What is wrong with an endpoint of a hosts file.</summary>
/// <param name="Key">The key at fault: <c>fingerprint</c>, <c>ca</c>, <c>user</c>, <c>password</c>, <c>token</c>, <c>secret</c>, <c>node</c>, <c>url</c>.</param>
/// <param name="Message">What is wrong; never holds a secret.</param>
/// <param name="Hint">The cure.</param>
public sealed record PveEndpointFault(string Key, string Message, string Hint);
