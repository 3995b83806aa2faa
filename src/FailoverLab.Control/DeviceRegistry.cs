namespace FailoverLab.Control;

/// <summary>The controller's memory: which devices there are, when they were heard, and their tunnel addresses. Safe from any thread.</summary>
public sealed class DeviceRegistry
{
    /// <summary>Most devices kept.</summary>
    public const int MaxDevices = 10_000;

    private static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Device> _devices = [];
    private readonly AddressPool _ipv4;
    private readonly AddressPool _ipv6;
    private readonly TimeProvider _time;

    /// <summary>Begins without devices.</summary>
    /// <param name="ipv4">IPv4 tunnel addresses.</param>
    /// <param name="ipv6">IPv6 tunnel addresses.</param>
    /// <param name="time">Clock.</param>
    public DeviceRegistry(AddressPool ipv4, AddressPool ipv6, TimeProvider time)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
        _time = time;
    }

    /// <summary>All devices, by id.</summary>
    public IReadOnlyList<Device> All()
    {
        lock (_lock)
        {
            return [.. _devices.Values.OrderBy(d => d.DeviceId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Owner to addresses, by owner.</summary>
    public IReadOnlyList<(string Owner, string? IPv4, string? IPv6)> Allocations()
    {
        lock (_lock)
        {
            return [.. _ipv4.Allocations.Keys.Union(_ipv6.Allocations.Keys).Order(StringComparer.Ordinal)
                .Select(o => (o, _ipv4.Allocations.GetValueOrDefault(o), _ipv6.Allocations.GetValueOrDefault(o)))];
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

    /// <summary>Whether it was heard within a minute.</summary>
    public bool IsOnline(Device device) => _time.GetUtcNow() - device.LastSeen < OnlineFor;

    /// <summary>Registers a device, or registers it again; endpoints and routers get tunnel addresses and keep them.</summary>
    /// <returns>The device as kept; <see langword="null"/> when a pool is empty or there is no room.</returns>
    public Device? Register(Device device)
    {
        lock (_lock)
        {
            if (_devices.Count >= MaxDevices && !_devices.ContainsKey(device.DeviceId))
            {
                return null;
            }

            var kept = device with { LastSeen = _time.GetUtcNow() };
            if (device.DeviceType is DeviceTypes.Endpoint or DeviceTypes.Router)
            {
                kept = kept with { TunIPv4 = _ipv4.Allocate(device.DeviceId), TunIPv6 = _ipv6.Allocate(device.DeviceId) };
                if (kept.TunIPv4 is null || kept.TunIPv6 is null)
                {
                    return null;
                }
            }

            _devices[device.DeviceId] = kept;
            return kept;
        }
    }

    /// <summary>Gives an owner addresses without registering it; <see langword="null"/> when a pool is empty.</summary>
    public (string IPv4, string IPv6)? Allocate(string owner)
    {
        lock (_lock)
        {
            return _ipv4.Allocate(owner) is { } ipv4 && _ipv6.Allocate(owner) is { } ipv6 ? (ipv4, ipv6) : null;
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
            return true;
        }
    }
}
