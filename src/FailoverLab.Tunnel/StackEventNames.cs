namespace FailoverLab.Tunnel;

/// <summary>Names of <see cref="StackEvent"/>s as they stand in the log.</summary>
public static class StackEventNames
{
    /// <summary>Gated: everything is prepared, a line on stdin starts it.</summary>
    public const string Armed = "armed";

    /// <summary>The program serves.</summary>
    public const string Ready = "ready";

    /// <summary>The program ends as asked.</summary>
    public const string Stopped = "stopped";

    /// <summary>A keepalive is missing.</summary>
    public const string PathSuspect = "path-suspect";

    /// <summary>Silent for the detection time, or its link is down.</summary>
    public const string PathDead = "path-dead";

    /// <summary>Outside the SLA.</summary>
    public const string PathDegraded = "path-degraded";

    /// <summary>Alive and within the SLA.</summary>
    public const string PathRecovered = "path-recovered";

    /// <summary>What the router had not acknowledged was sent again over the new tunnel.</summary>
    public const string DataReplayed = "data-replayed";

    /// <summary>Flows spread by weight take other paths from now on.</summary>
    public const string FlowsMoved = "flows-moved";

    /// <summary>The kernel reports a change of a link.</summary>
    public const string LinkChanged = "link-changed";

    /// <summary>Another tunnel carries the data from now on.</summary>
    public const string SwitchDecided = "switch-decided";

    /// <summary>The router was told; sent again until acknowledged, reported once.</summary>
    public const string ActivationSent = "activation-sent";

    /// <summary>The router took it.</summary>
    public const string ActivationAcknowledged = "activation-acknowledged";

    /// <summary>Router: return traffic takes another tunnel from now on.</summary>
    public const string ReverseMoved = "reverse-moved";

    /// <summary>Router: it is no longer the endpoint's router.</summary>
    public const string Deactivated = "deactivated";

    /// <summary>Router: the previous router was told to let go.</summary>
    public const string DeactivationSent = "deactivation-sent";

    /// <summary>Router: the previous router let go.</summary>
    public const string DeactivationAcknowledged = "deactivation-acknowledged";

    /// <summary>Router: answers ARP and neighbour discovery for the gateway from now on.</summary>
    public const string GatewayClaimed = "gateway-claimed";

    /// <summary>Router: stopped answering for the gateway.</summary>
    public const string GatewayReleased = "gateway-released";

    /// <summary>Router: an endpoint's tunnel was heard for the first time or from another address.</summary>
    public const string PeerLearned = "peer-learned";

    /// <summary>Router: an endpoint was silent for the peer timeout and was forgotten.</summary>
    public const string PeerTimedOut = "peer-timed-out";

    /// <summary>Router: an endpoint's subnet is free again, its owner was silent for the allocation timeout.</summary>
    public const string SubnetExpired = "subnet-expired";

    /// <summary>The balancer named another router.</summary>
    public const string BalancerDecision = "balancer-decision";

    /// <summary>A tunnel has new keys (version 2).</summary>
    public const string KeysAgreed = "keys-agreed";

    /// <summary>A tunnel speaks version 1; the detail says what that lacks.</summary>
    public const string Version1Used = "version-1-used";

    /// <summary>A fault that the program met and survived.</summary>
    public const string Fault = "fault";
}
