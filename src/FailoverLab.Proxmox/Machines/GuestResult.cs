namespace FailoverLab.Proxmox;

/// <summary>What came of a program in a guest.</summary>
/// <param name="Status">Exit status; 128 + signal when a signal ended it.</param>
/// <param name="Output">What it printed on standard output, UTF-8.</param>
/// <param name="Error">What it printed on standard error, likewise.</param>
/// <param name="IsTruncated">Whether the agent kept only the beginning of either.</param>
public sealed record GuestResult(int Status, string Output, string Error, bool IsTruncated);
