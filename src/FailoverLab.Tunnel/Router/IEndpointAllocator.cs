namespace FailoverLab.Tunnel;

/// <summary>Gives endpoints their subnets, for as long as they live and some time beyond.</summary>
public interface IEndpointAllocator
{
    /// <summary>Answers a request; an endpoint that asks again gets what it has.</summary>
    AllocationResponse Allocate(AllocationRequest request, in TunnelTime now);

    /// <summary>An endpoint lives. Called every second for each.</summary>
    void Hear(string endpointId, in TunnelTime now);

    /// <summary>Takes back what has lain idle too long. Called every second.</summary>
    /// <returns>Subnets that are free now, each with the endpoint that had it.</returns>
    IReadOnlyList<(string EndpointId, string Subnet)> Expire(in TunnelTime now);
}
