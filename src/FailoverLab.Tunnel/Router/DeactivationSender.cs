using FailoverLab.Dataplane;

namespace FailoverLab.Tunnel;

/// <summary>Tells a previous router that an endpoint has left it, until it acknowledges or a hundred attempts were made.</summary>
internal sealed class DeactivationSender
{
    private const int MaxAttempts = 100;
    private const int QuickAttempts = 20;
    private const long QuickNs = 100_000_000;
    private const long SlowNs = 1_000_000_000;

    private readonly List<Order> _pending = [];

    /// <summary>When one is due; <see cref="long.MaxValue"/> when none is.</summary>
    public long DueNs => _pending.Count == 0 ? long.MaxValue : _pending.Min(o => o.DueNs);

    public void Begin(string endpointId, DatagramAddress address, string routerId, byte[] payload, long nowNs)
    {
        Cancel(endpointId);
        _pending.Add(new Order(endpointId, address, routerId, payload) { DueNs = nowNs });
    }

    /// <summary>Ends the order for an endpoint.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Cancel(string endpointId) => _pending.RemoveAll(o => o.EndpointId == endpointId) > 0;

    /// <summary>The next order that is due, with its next time set; <see langword="null"/> when none is.</summary>
    public Order? Take(long nowNs)
    {
        var order = _pending.Find(o => o.DueNs <= nowNs);
        if (order is null)
        {
            return null;
        }

        order.Attempts++;
        order.DueNs = nowNs + (order.Attempts < QuickAttempts ? QuickNs : SlowNs);
        if (order.Attempts >= MaxAttempts)
        {
            _pending.Remove(order);
        }

        return order;
    }

    /// <summary>There are keys towards a router now: what waited for them is due.</summary>
    public void Hasten(in DatagramAddress address, long nowNs)
    {
        foreach (var order in _pending)
        {
            order.DueNs = order.Address == address && !order.WasSent ? nowNs : order.DueNs;
        }
    }

    /// <summary>One endpoint's deactivation.</summary>
    internal sealed record Order(string EndpointId, DatagramAddress Address, string RouterId, byte[] Payload)
    {
        /// <summary>Whether it left at least once.</summary>
        public bool WasSent { get; set; }

        public long DueNs { get; set; }

        public int Attempts { get; set; }
    }
}
