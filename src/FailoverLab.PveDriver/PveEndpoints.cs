using FailoverLab.Proxmox;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver;

/// <summary>Endpoints of Proxmox VE as a hosts file names them.</summary>
public static class PveEndpoints
{
    /// <summary>The endpoint a plan names.</summary>
    /// <param name="plan">From a hosts file that had no faults.</param>
    public static PveEndpoint Of(PvePlan plan) => new(plan.Name, new Uri(plan.Url))
    {
        Node = plan.Node,
        Fingerprint = plan.Fingerprint is { } fingerprint ? PveFingerprint.Parse(fingerprint) : null,
        CaFile = plan.CaFile,
        TokenSecret = plan.Token is { } token ? Secret(token) : null,
        User = plan.User,
        Password = plan.Password is { } password ? Secret(password) : null,
    };

    /// <summary>By way of the plan's own reference, which still knows variables that were taken out of the environment.</summary>
    private static PveSecret Secret(SecretReference reference) =>
        PveSecret.Of(reference.ToString(), () => reference.TryRead(out var secret, out var fault) ? (secret, null) : (null, fault));
}
