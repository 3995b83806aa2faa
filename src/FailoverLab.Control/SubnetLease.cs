namespace FailoverLab.Control;

/// <summary>A subnet that was given out.</summary>
/// <param name="Owner">Who has it.</param>
/// <param name="Subnet">The prefix, as <c>10.100.0.0/24</c>.</param>
/// <param name="Gateway">Its first host.</param>
public sealed record SubnetLease(string Owner, string Subnet, string Gateway);
