using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using FailoverLab.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>The network controller's HTTP API.</summary>
public sealed class ControllerProgram : IDisposable
{
    private const int DevicePort = 8080;
    private static readonly TimeSpan PushPatience = TimeSpan.FromSeconds(10);
    private static readonly string[] ConfigTypes = ["tunnel", "routing", "full"];

    private readonly ControllerConfig _config;
    private readonly DeviceRegistry _registry;
    private readonly TimeProvider _time;
    private readonly HttpClient _client = new() { Timeout = PushPatience, MaxResponseContentBufferSize = 64 << 10 };
    private readonly ConcurrentDictionary<string, string> _deviceConfigs = new();

    private ControllerProgram(ControllerConfig config, TimeProvider time)
    {
        _config = config;
        _time = time;
        _registry = new DeviceRegistry(
            new AddressPool(config.IPv4Pool.Base, config.IPv4Pool.Start, config.IPv4Pool.End),
            new AddressPool(config.IPv6Pool.Base, config.IPv6Pool.Start, config.IPv6Pool.End),
            time);
    }

    /// <summary>Serves until canceled.</summary>
    /// <param name="config">What to do.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the service in good order.</param>
    /// <returns>Exit status: 0, or 4 when the address cannot be listened on.</returns>
    public static async Task<int> RunAsync(ControllerConfig config, ServiceHost host, CancellationToken cancel)
    {
        using var program = new ControllerProgram(config, host.Time);
        return await WebService.RunAsync("controller", config.EndPoint, program.Map, host, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private void Map(WebApplication app)
    {
        app.MapPost("/register", RegisterAsync);
        app.MapPost("/config", ConfigureAsync);
        app.MapPost("/status", StatusAsync);
        app.MapGet("/device/{deviceId}", DeviceAsync);
        app.MapGet("/devices", DevicesAsync);
        app.MapGet("/topology", TopologyAsync);
        app.MapPost("/push_config/{deviceId}", PushAsync);
        app.MapPost("/allocate_ip", AllocateAsync);
        app.MapGet("/allocations", AllocationsAsync);
        app.MapGet("/health", context => JsonAnswer.OkAsync(context, json =>
        {
            json.WriteString("status", "healthy");
            json.WriteNumber("timestamp", JsonAnswer.Seconds(_time.GetUtcNow()));
        }));
    }

    private async Task RegisterAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context);
        var device = new Device
        {
            DeviceId = request.Text("device_id"),
            DeviceType = request.OneOf("device_type", DeviceTypes.All),
            Hostname = request.Optional("hostname"),
            ManagementIp = request.Optional("management_ip"),
            Interfaces = request.Names("interfaces"),
            LastSeen = _time.GetUtcNow(),
        };
        if (await RefuseAsync(context, request))
        {
            return;
        }

        if (_registry.Register(device) is not { } kept)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status500InternalServerError, "an address pool is empty, or there are too many devices");
            return;
        }

        await JsonAnswer.OkAsync(context, json =>
        {
            json.WriteString("status", "registered");
            json.WriteString("device_id", kept.DeviceId);
            json.WriteStartObject("config");
            json.WriteString("tun_ipv4", kept.TunIPv4);
            json.WriteString("tun_ipv6", kept.TunIPv6);
            json.WriteString("tunnel_psk", _config.PreSharedKey);
            json.WriteNumber("tunnel_port", _config.TunnelPort);
            json.WriteEndObject();
        });
    }

    private async Task ConfigureAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context);
        var id = request.Text("device_id");
        request.OneOf("config_type", ConfigTypes);
        var data = request.Raw("config_data") ?? "{}";
        if (await RefuseAsync(context, request) || await RefuseUnknownAsync(context, id))
        {
            return;
        }

        _deviceConfigs[id] = data;
        await AcknowledgeAsync(context, id);
    }

    private async Task StatusAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context);
        var id = request.Text("device_id");
        var status = request.Text("status");
        if (await RefuseAsync(context, request) || await RefuseUnknownAsync(context, id))
        {
            return;
        }

        _registry.Touch(id, status);
        await AcknowledgeAsync(context, id);
    }

    private async Task DeviceAsync(HttpContext context)
    {
        var id = IdOf(context);
        if (!await RefuseUnknownAsync(context, id))
        {
            await JsonAnswer.OkAsync(context, json => Write(json, _registry.Find(id)!));
        }
    }

    private Task DevicesAsync(HttpContext context)
    {
        var devices = _registry.All();
        return JsonAnswer.OkAsync(context, json =>
        {
            json.WriteNumber("total_devices", devices.Count);
            WriteList(json, "devices", devices);
        });
    }

    private Task TopologyAsync(HttpContext context)
    {
        var devices = _registry.All().ToLookup(d => d.DeviceType);
        return JsonAnswer.OkAsync(context, json =>
        {
            WriteList(json, "endpoints", devices[DeviceTypes.Endpoint]);
            WriteList(json, "routers", devices[DeviceTypes.Router]);
            WriteOne(json, "load_balancer", devices[DeviceTypes.Balancer].FirstOrDefault());
            WriteOne(json, "business_server", devices[DeviceTypes.Business].FirstOrDefault());
        });
    }

    private async Task PushAsync(HttpContext context)
    {
        var id = IdOf(context);
        if (await RefuseUnknownAsync(context, id))
        {
            return;
        }

        var (status, reason) = await PushAsync(_registry.Find(id)!, context.RequestAborted);
        await JsonAnswer.OkAsync(context, json =>
        {
            json.WriteString("status", status);
            json.WriteString("device_id", id);
            json.WriteString("detail", reason);
        });
    }

    /// <summary>Posts the device's configuration to it. The address must be an address: a name could lead anywhere.</summary>
    private async Task<(string Status, string Reason)> PushAsync(Device device, CancellationToken cancel)
    {
        if (!IPAddress.TryParse(device.ManagementIp, out var address))
        {
            return ("error", "the device has no management_ip");
        }

        try
        {
            var url = new UriBuilder(Uri.UriSchemeHttp, address.ToString(), DevicePort, "config").Uri;
            using var content = new StringContent(_deviceConfigs.GetValueOrDefault(device.DeviceId, "{}"), Encoding.UTF8, "application/json");
            using var response = await _client.PostAsync(url, content, cancel);
            return response.IsSuccessStatusCode ? ("success", "") : ("failed", $"the device answered {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return ("error", e is HttpRequestException ? e.Message : "the device did not answer within 10 s");
        }
    }

    private async Task AllocateAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context);
        var id = request.Optional("device_id") ?? request.Text("endpoint_id");
        if (await RefuseAsync(context, request))
        {
            return;
        }

        if (_registry.Allocate(id) is not { } addresses)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status500InternalServerError, "an address pool is empty");
            return;
        }

        await JsonAnswer.OkAsync(context, json =>
        {
            json.WriteString("device_id", id);
            json.WriteString("tun_ipv4", addresses.IPv4);
            json.WriteString("tun_ipv6", addresses.IPv6);
        });
    }

    private Task AllocationsAsync(HttpContext context)
    {
        var allocations = _registry.Allocations();
        return JsonAnswer.OkAsync(context, json =>
        {
            json.WriteNumber("total", allocations.Count);
            json.WriteStartArray("allocations");
            foreach (var (owner, ipv4, ipv6) in allocations)
            {
                json.WriteStartObject();
                json.WriteString("device_id", owner);
                json.WriteString("tun_ipv4", ipv4);
                json.WriteString("tun_ipv6", ipv6);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static string IdOf(HttpContext context) => context.Request.RouteValues["deviceId"] as string ?? "";

    private static async Task<bool> RefuseAsync(HttpContext context, JsonRequest request)
    {
        if (request.Faults is not { } faults)
        {
            return false;
        }

        await JsonAnswer.ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, faults);
        return true;
    }

    private static Task AcknowledgeAsync(HttpContext context, string id) => JsonAnswer.OkAsync(context, json =>
    {
        json.WriteString("status", "ok");
        json.WriteString("device_id", id);
    });

    private async Task<bool> RefuseUnknownAsync(HttpContext context, string id)
    {
        if (_registry.Find(id) is not null)
        {
            return false;
        }

        await JsonAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, "no such device has registered");
        return true;
    }

    private void WriteList(Utf8JsonWriter json, string name, IEnumerable<Device> devices)
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

    private void WriteOne(Utf8JsonWriter json, string name, Device? device)
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

    private void Write(Utf8JsonWriter json, Device device)
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
        json.WriteBoolean("online", _registry.IsOnline(device));
        json.WriteNumber("last_seen", JsonAnswer.Seconds(device.LastSeen));
        json.WriteNumber("last_seen_ago", (_time.GetUtcNow() - device.LastSeen).TotalSeconds);
    }
}
