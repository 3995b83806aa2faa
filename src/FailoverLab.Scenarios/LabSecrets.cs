namespace FailoverLab.Scenarios;

/// <summary>The secrets a lab refers to.</summary>
public static class LabSecrets
{
    /// <summary>Takes every variable that hosts, endpoints and links refer to out of the environment that child programs inherit; call it before any is started.</summary>
    /// <param name="hosts">Hosts.</param>
    /// <param name="endpoints">Proxmox VE endpoints.</param>
    /// <param name="links">Links of real labs.</param>
    public static void Withdraw(IEnumerable<HostPlan> hosts, IEnumerable<PvePlan> endpoints, IEnumerable<LinkPlan> links)
    {
        foreach (var secret in hosts.Select(h => h.Ssh?.Password).Concat(endpoints.SelectMany(p => new[] { p.Token, p.Password })).Concat(links.Select(l => l.Password)).OfType<SecretReference>())
        {
            secret.Withdraw();
        }
    }
}
