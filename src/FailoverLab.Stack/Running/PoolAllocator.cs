using FailoverLab.Control;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>Answers allocation requests from the control layer's subnet pools.</summary>
internal sealed class PoolAllocator : IEndpointAllocator
{
    private readonly SubnetPool? _ipv4;
    private readonly SubnetPool? _ipv6;

    private PoolAllocator(SubnetPool? ipv4, SubnetPool? ipv6)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
    }

    /// <summary>An allocator over the first pool of each family; <see langword="null"/> without pools.</summary>
    public static PoolAllocator? For(IReadOnlyList<IpPrefix> pools)
    {
        var ipv4 = pools.Where(p => !p.IsIPv6 && p.Length <= 24).Select(p => SubnetPool.Of(p.ToString(), 24)).FirstOrDefault();
        var ipv6 = pools.Where(p => p.IsIPv6 && p.Length <= 64).Select(p => SubnetPool.Of(p.ToString(), 64)).FirstOrDefault();
        return ipv4 is null && ipv6 is null ? null : new PoolAllocator(ipv4, ipv6);
    }

    public AllocationResponse Allocate(AllocationRequest request)
    {
        var ipv4 = _ipv4?.Allocate(request.EndpointId);
        var ipv6 = _ipv6?.Allocate(request.EndpointId);
        var success = ipv4 is not null || ipv6 is not null;
        return new AllocationResponse
        {
            EndpointId = request.EndpointId,
            Success = success,
            SubnetIPv4 = ipv4?.Subnet,
            SubnetIPv6 = ipv6?.Subnet,
            GatewayIPv4 = ipv4?.Gateway,
            GatewayIPv6 = ipv6?.Gateway,
            ErrorMessage = success ? null : "the pools are exhausted",
        };
    }
}
