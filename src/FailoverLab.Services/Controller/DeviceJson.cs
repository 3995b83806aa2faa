using System.Text.Json;
using FailoverLab.Control;

namespace FailoverLab.Services;

/// <summary>Writes devices as the controller's answers show them.</summary>
internal sealed class DeviceJson(DeviceRegistry registry, TimeProvider time)
{
    /// <summary>Writes a member that is a list of devices.</summary>
    public void WriteList(Utf8JsonWriter json, string name, IEnumerable<Device> devices)
    {
        json.WriteStartArray(name);
        foreach (var device in devices)
        {
            json.WriteStartObject();
            Write(json, device);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a member that is a device or null.</summary>
    public void WriteOne(Utf8JsonWriter json, string name, Device? device)
    {
        if (device is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Write(json, device);
        json.WriteEndObject();
    }

    /// <summary>Writes a device's members.</summary>
    public void Write(Utf8JsonWriter json, Device device)
    {
        json.WriteString("device_id", device.DeviceId);
        json.WriteString("device_type", device.DeviceType);
        json.WriteString("hostname", device.Hostname);
        json.WriteString("management_ip", device.ManagementIp);
        json.WriteStartArray("interfaces");
        foreach (var name in device.Interfaces)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteString("tun_ipv4", device.TunIPv4);
        json.WriteString("tun_ipv6", device.TunIPv6);
        json.WriteString("status", device.Status);
        json.WriteBoolean("online", registry.IsOnline(device));
        json.WriteNumber("last_seen", JsonAnswer.Seconds(device.LastSeen));
        json.WriteNumber("last_seen_ago", (time.GetUtcNow() - device.LastSeen).TotalSeconds);
    }
}
