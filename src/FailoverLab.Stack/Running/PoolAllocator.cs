using FailoverLab.Control;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>Answers allocation requests from the control layer's subnet pools.</summary>
internal sealed class PoolAllocator : IEndpointAllocator
{
    private readonly SubnetPool[] _pools;
    private readonly SubnetPool? _ipv4;
    private readonly SubnetPool? _ipv6;
    private readonly long _timeoutNs;

    private PoolAllocator(SubnetPool? ipv4, SubnetPool? ipv6, TimeSpan timeout)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
        _pools = [.. ((SubnetPool?[])[ipv4, ipv6]).OfType<SubnetPool>()];
        _timeoutNs = timeout.Ticks * 100;
    }

    /// <summary>An allocator over the first pool of each family; <see langword="null"/> without pools.</summary>
    /// <param name="pools">Networks; /24s are given out of IPv4, /64s out of IPv6.</param>
    /// <param name="timeout">Silence after which a subnet is free again.</param>
    public static PoolAllocator? For(IReadOnlyList<IpPrefix> pools, TimeSpan timeout)
    {
        var ipv4 = pools.Where(p => !p.IsIPv6 && p.Length <= 24).Select(p => SubnetPool.Of(p.ToString(), 24)).FirstOrDefault();
        var ipv6 = pools.Where(p => p.IsIPv6 && p.Length <= 64).Select(p => SubnetPool.Of(p.ToString(), 64)).FirstOrDefault();
        return ipv4 is null && ipv6 is null ? null : new PoolAllocator(ipv4, ipv6, timeout);
    }

    public AllocationResponse Allocate(AllocationRequest request, in TunnelTime now)
    {
        // One member names what was a pair; each pool knows whether it is its own.
        var ipv4 = _ipv4?.Allocate(request.EndpointId, now.MonotonicNs, request.PreviousSubnet);
        var ipv6 = _ipv6?.Allocate(request.EndpointId, now.MonotonicNs, request.PreviousSubnet);
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

    public void Hear(string endpointId, in TunnelTime now)
    {
        foreach (var pool in _pools)
        {
            pool.Hear(endpointId, now.MonotonicNs);
        }
    }

    public IReadOnlyList<(string EndpointId, string Subnet)> Expire(in TunnelTime now)
    {
        var sinceNs = now.MonotonicNs - _timeoutNs;
        return [.. _pools.SelectMany(p => p.Expire(sinceNs)).Select(l => (l.Owner, l.Subnet))];
    }
}
