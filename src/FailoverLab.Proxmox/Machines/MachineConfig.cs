using System.Globalization;

namespace FailoverLab.Proxmox;

/// <summary>A machine's configuration at one instant.</summary>
/// <param name="Digest">What it must still be for a change to be taken: 40 hexadecimal digits.</param>
/// <param name="Values">Keys and values as they stand; secrets of cloud-init are masked by the host.</param>
public sealed record MachineConfig(string Digest, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Most network cards a machine can have.</summary>
    public const int MaxNets = 32;

    /// <summary>Name of the machine; <see langword="null"/> without one.</summary>
    public string? Name => Values.GetValueOrDefault("name");

    /// <summary>Its network cards by number.</summary>
    public IReadOnlyDictionary<int, NetDevice> Nets => Values
        .Where(v => v.Key.StartsWith("net", StringComparison.Ordinal) && IsNumber(v.Key.AsSpan(3)))
        .Select(v => (Number: int.Parse(v.Key.AsSpan(3), CultureInfo.InvariantCulture), Device: NetDevice.Parse(v.Value)))
        .Where(v => v.Device is not null)
        .ToDictionary(v => v.Number, v => v.Device!);

    /// <summary>Whether serial port 0 to 3 is there and leads to a socket.</summary>
    public bool HasSerial(int port) => Values.GetValueOrDefault($"serial{port.ToString(CultureInfo.InvariantCulture)}") == "socket";

    private static bool IsNumber(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < MaxNets;
}
