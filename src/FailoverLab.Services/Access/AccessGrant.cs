namespace FailoverLab.Services;

/// <summary>What one request may do.</summary>
/// <param name="Role">Role of its token.</param>
/// <param name="Device">Device of its token.</param>
internal sealed record AccessGrant(AccessRole Role, string? Device)
{
    /// <summary>A service without tokens.</summary>
    public static AccessGrant All { get; } = new(AccessRole.Admin, null);

    /// <summary>Whether it may use a route at all; for which device is asked with <see cref="MayActFor"/>.</summary>
    public bool Satisfies(AccessNeed need) => need switch
    {
        AccessNeed.Nothing or AccessNeed.ReadOwn or AccessNeed.ReadAny => true,
        AccessNeed.Read => Role != AccessRole.Device,
        AccessNeed.ReportOwn => Role != AccessRole.Reader,
        _ => Role == AccessRole.Admin,
    };

    /// <summary>Whether it may speak for a device: a device only for itself.</summary>
    public bool MayActFor(string device) => Role != AccessRole.Device || device == Device;
}
