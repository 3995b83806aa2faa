namespace FailoverLab.Tunnel;

/// <summary>Gives endpoints their subnets.</summary>
public interface IEndpointAllocator
{
    /// <summary>Answers a request; an endpoint that asks again gets what it had.</summary>
    AllocationResponse Allocate(AllocationRequest request);
}
