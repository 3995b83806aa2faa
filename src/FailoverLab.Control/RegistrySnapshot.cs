namespace FailoverLab.Control;

/// <summary>What the controller keeps over a restart, or what of it changed since it was last asked.</summary>
/// <param name="Devices">Devices.</param>
/// <param name="Configs">Configurations, one a device.</param>
/// <param name="Leases">Tunnel addresses, one line an owner.</param>
public sealed record RegistrySnapshot(IReadOnlyList<Device> Devices, IReadOnlyList<DeviceConfig> Configs, IReadOnlyList<AddressLease> Leases)
{
    /// <summary>Nothing.</summary>
    public static RegistrySnapshot Empty { get; } = new([], [], []);

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Devices.Count + Configs.Count + Leases.Count == 0;
}
