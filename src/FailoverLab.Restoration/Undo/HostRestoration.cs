namespace FailoverLab.Restoration;

/// <summary>How one host was given back.</summary>
/// <param name="Host">Its name in the plan.</param>
/// <param name="Changes">Every change of it, newest first.</param>
/// <param name="Fault">Why its guard could not be taken away, or <see langword="null"/>.</param>
public sealed record HostRestoration(string Host, IReadOnlyList<ChangeState> Changes, string? Fault)
{
    /// <summary>Whether the host is as it was found.</summary>
    public bool IsRestored => Fault is null && Changes.All(c => !c.IsLeft);
}
