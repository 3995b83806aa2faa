namespace FailoverLab.Control;

/// <summary>
/// The controller's memory: which devices there are, when they were heard, their configurations and tunnel addresses. What changed can be taken
/// out to be stored, and put back in after a restart. Safe from any thread.
/// </summary>
public sealed class DeviceRegistry
{
    /// <summary>Most devices kept.</summary>
    public const int MaxDevices = 10_000;

    private static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Device> _devices = [];
    private readonly Dictionary<string, string> _configs = [];
    private readonly HashSet<string> _changed = [];
    private readonly AddressPool _ipv4;
    private readonly AddressPool _ipv6;
    private readonly TimeProvider _time;

    /// <summary>Begins with what was kept.</summary>
    /// <param name="ipv4">IPv4 tunnel addresses.</param>
    /// <param name="ipv6">IPv6 tunnel addresses.</param>
    /// <param name="time">Clock.</param>
    /// <param name="kept">State of an earlier run; <see langword="null"/> begins without devices.</param>
    public DeviceRegistry(AddressPool ipv4, AddressPool ipv6, TimeProvider time, RegistrySnapshot? kept = null)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
        _time = time;
        kept ??= RegistrySnapshot.Empty;
        foreach (var lease in kept.Leases)
        {
            Restore(ipv4, lease.Owner, lease.IPv4);
            Restore(ipv6, lease.Owner, lease.IPv6);
        }

        foreach (var device in kept.Devices.Take(MaxDevices))
        {
            _devices[device.DeviceId] = device;
        }

        foreach (var (deviceId, json) in kept.Configs.Where(c => _devices.ContainsKey(c.DeviceId)))
        {
            _configs[deviceId] = json;
        }
    }

    /// <summary>All devices, by id.</summary>
    public IReadOnlyList<Device> All()
    {
        lock (_lock)
        {
            return [.. _devices.Values.OrderBy(d => d.DeviceId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Addresses given out, by owner.</summary>
    public IReadOnlyList<AddressLease> Allocations()
    {
        lock (_lock)
        {
            return [.. _ipv4.Allocations.Keys.Union(_ipv6.Allocations.Keys).Order(StringComparer.Ordinal).Select(LeaseOf)];
        }
    }

    /// <summary>A device; <see langword="null"/> when it is not known.</summary>
    public Device? Find(string deviceId)
    {
        lock (_lock)
        {
            return _devices.GetValueOrDefault(deviceId);
        }
    }

    /// <summary>The configuration to push to a device, as JSON; <see langword="null"/> when none was set.</summary>
    public string? ConfigOf(string deviceId)
    {
        lock (_lock)
        {
            return _configs.GetValueOrDefault(deviceId);
        }
    }

    /// <summary>Whether it was heard within a minute.</summary>
    public bool IsOnline(Device device) => _time.GetUtcNow() - device.LastSeen < OnlineFor;

    /// <summary>Registers a device, or registers it again: then what it last said of itself stays. Endpoints and routers get tunnel addresses and keep them.</summary>
    /// <returns>The device as kept; <see langword="null"/> when a pool is empty or there is no room.</returns>
    public Device? Register(Device device)
    {
        lock (_lock)
        {
            if (_devices.Count >= MaxDevices && !_devices.ContainsKey(device.DeviceId))
            {
                return null;
            }

            var kept = device with { LastSeen = _time.GetUtcNow(), Status = _devices.GetValueOrDefault(device.DeviceId)?.Status ?? device.Status };
            if (device.DeviceType is DeviceTypes.Endpoint or DeviceTypes.Router)
            {
                if (Lease(device.DeviceId) is not { } lease)
                {
                    return null;
                }

                kept = kept with { TunIPv4 = lease.IPv4, TunIPv6 = lease.IPv6 };
            }

            _devices[device.DeviceId] = kept;
            _changed.Add(device.DeviceId);
            return kept;
        }
    }

    /// <summary>Keeps the configuration that is to be pushed to a device, as JSON.</summary>
    /// <returns>Whether the device is known.</returns>
    public bool Configure(string deviceId, string json)
    {
        lock (_lock)
        {
            if (!_devices.ContainsKey(deviceId))
            {
                return false;
            }

            _configs[deviceId] = json;
            _changed.Add(deviceId);
            return true;
        }
    }

    /// <summary>Gives an owner addresses without registering it; <see langword="null"/> when a pool is empty.</summary>
    public AddressLease? Allocate(string owner)
    {
        lock (_lock)
        {
            if (Lease(owner) is not { } lease)
            {
                return null;
            }

            _changed.Add(owner);
            return lease;
        }
    }

    /// <summary>Notes that a device was heard.</summary>
    /// <param name="deviceId">Which.</param>
    /// <param name="status">What it said; <see langword="null"/> keeps what it said before.</param>
    /// <returns>Whether the device is known.</returns>
    public bool Touch(string deviceId, string? status)
    {
        lock (_lock)
        {
            if (!_devices.TryGetValue(deviceId, out var device))
            {
                return false;
            }

            _devices[deviceId] = device with { LastSeen = _time.GetUtcNow(), Status = status ?? device.Status };
            _changed.Add(deviceId);
            return true;
        }
    }

    /// <summary>What changed since the last call, as it is now; <see cref="PutBack"/> undoes the taking when it could not be stored.</summary>
    public RegistrySnapshot TakeChanges()
    {
        lock (_lock)
        {
            var changes = new RegistrySnapshot(
                [.. _changed.Where(_devices.ContainsKey).Select(id => _devices[id])],
                [.. _changed.Where(_configs.ContainsKey).Select(id => new DeviceConfig(id, _configs[id]))],
                [.. _changed.Select(LeaseOf).Where(l => l is not { IPv4: null, IPv6: null })]);
            _changed.Clear();
            return changes;
        }
    }

    /// <summary>Counts changes as not yet taken; what has changed again since stays as it is now.</summary>
    public void PutBack(RegistrySnapshot changes)
    {
        lock (_lock)
        {
            _changed.UnionWith(changes.Devices.Select(d => d.DeviceId));
            _changed.UnionWith(changes.Configs.Select(c => c.DeviceId));
            _changed.UnionWith(changes.Leases.Select(l => l.Owner));
        }
    }

    private static void Restore(AddressPool pool, string owner, string? address)
    {
        if (address is not null)
        {
            pool.Restore(owner, address);
        }
    }

    /// <summary>One address of each pool, or of neither.</summary>
    private AddressLease? Lease(string owner)
    {
        var (hadIPv4, hadIPv6) = (_ipv4.Allocations.ContainsKey(owner), _ipv6.Allocations.ContainsKey(owner));
        if (_ipv4.Allocate(owner) is { } ipv4 && _ipv6.Allocate(owner) is { } ipv6)
        {
            return new AddressLease(owner, ipv4, ipv6);
        }

        if (!hadIPv4)
        {
            _ipv4.Release(owner);
        }

        if (!hadIPv6)
        {
            _ipv6.Release(owner);
        }

        return null;
    }

    private AddressLease LeaseOf(string owner) => new(owner, _ipv4.Allocations.GetValueOrDefault(owner), _ipv6.Allocations.GetValueOrDefault(owner));
}
