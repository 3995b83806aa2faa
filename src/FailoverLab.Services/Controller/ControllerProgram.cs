using FailoverLab.Control;
using FailoverLab.State;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>The network controller's HTTP API.</summary>
public sealed class ControllerProgram : IWebProgram
{
    private static readonly Dictionary<int, string> Unknown = new() { [404] = "No such device has registered." };
    private static readonly Dictionary<int, string> Empty = new() { [500] = "An address pool is empty, or there are too many devices." };

    private readonly ControllerConfig _config;
    private readonly DeviceRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ConfigPusher _pusher = new();
    private readonly DeviceJson _json;
    private readonly StateWriter? _writer;

    private ControllerProgram(ControllerConfig config, TimeProvider time, ServiceLog log)
    {
        _config = config;
        _time = time;
        var file = config.Service.StatePath is { } path ? ControllerStateFile.Open(path) : null;
        try
        {
            _registry = new DeviceRegistry(
                new AddressPool(config.IPv4Pool.Base, config.IPv4Pool.Start, config.IPv4Pool.End),
                new AddressPool(config.IPv6Pool.Base, config.IPv6Pool.Start, config.IPv6Pool.End),
                time,
                file?.Load());
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        _json = new DeviceJson(_registry, time);
        _writer = file is null ? null : new StateWriter(file, () => Save(file), log, time);
    }

    string IWebProgram.Title => "FailoverLab network controller";

    IReadOnlyList<ApiRoute> IWebProgram.Routes =>
    [
        new("POST", "/register", AccessNeed.ReportOwn, "Registers a device; endpoints and routers get tunnel addresses.", RegisterAsync)
        {
            Body = ControllerFields.Registration, Answer = ControllerFields.Registered, Faults = Empty,
        },
        new("POST", "/config", AccessNeed.Administer, "Keeps the configuration that is to be pushed to a device.", ConfigureAsync)
        {
            Body = ControllerFields.Configuration, Answer = ControllerFields.Acknowledged, Faults = Unknown,
        },
        new("POST", "/status", AccessNeed.ReportOwn, "Takes what a device says of itself.", StatusAsync)
        {
            Body = ControllerFields.StatusReport, Answer = ControllerFields.Acknowledged, Faults = Unknown,
        },
        new("GET", "/device/{device_id}", AccessNeed.ReadOwn, "One device.", DeviceAsync) { Answer = ControllerFields.Device, Faults = Unknown },
        new("GET", "/devices", AccessNeed.Read, "All devices.", DevicesAsync) { Answer = ControllerFields.Devices },
        new("GET", "/topology", AccessNeed.Read, "All devices by kind.", TopologyAsync) { Answer = ControllerFields.Topology },
        new("POST", "/push_config/{device_id}", AccessNeed.Administer, "Posts a device's configuration to it.", PushAsync) { Answer = ControllerFields.Pushed, Faults = Unknown },
        new("POST", "/allocate_ip", AccessNeed.ReportOwn, "Gives an endpoint tunnel addresses without registering it.", AllocateAsync)
        {
            Body = ControllerFields.AllocationRequest, Answer = ControllerFields.Allocation, Faults = Empty,
        },
        new("GET", "/allocations", AccessNeed.Read, "All tunnel addresses given out.", AllocationsAsync) { Answer = ControllerFields.Allocations },
        ServiceRoutes.HealthOf(_time),
    ];

    /// <summary>Serves until canceled.</summary>
    /// <param name="config">What to do.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the service in good order.</param>
    /// <returns>Exit status: 0, or 4 when it may not or cannot listen, or its state file cannot be used.</returns>
    public static Task<int> RunAsync(ControllerConfig config, ServiceHost host, CancellationToken cancel) =>
        WebService.RunAsync(config.Service, host, log => new ControllerProgram(config, host.Time, log), "controller", cancel);

    /// <summary>Writes down what is to be kept.</summary>
    public ValueTask DisposeAsync()
    {
        _pusher.Dispose();
        return _writer?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    void IWebProgram.Measure(MetricsText text)
    {
        text.Family("failoverlab_controller_devices", "gauge", "Devices by kind, and whether they were heard within a minute.");
        foreach (var group in _registry.All().GroupBy(d => (d.DeviceType, Online: _registry.IsOnline(d))).OrderBy(g => g.Key))
        {
            text.Sample(group.Count(), ("type", group.Key.DeviceType), ("online", group.Key.Online ? "true" : "false"));
        }

        text.Single("failoverlab_controller_allocations", "gauge", "Owners of tunnel addresses.", _registry.Allocations().Count);
        _writer?.Measure(text);
    }

    private void Save(ControllerStateFile file)
    {
        var changes = _registry.TakeChanges();
        if (changes.IsEmpty)
        {
            return;
        }

        try
        {
            file.Save(changes);
        }
        catch (StateFileException)
        {
            _registry.PutBack(changes);
            throw;
        }
    }

    private async Task RegisterAsync(ApiCall call)
    {
        var device = await call.ReadAsync(
            request => new Device
            {
                DeviceId = request.Required(ControllerFields.DeviceId),
                DeviceType = request.Required(ControllerFields.DeviceType),
                Hostname = request.Text(ControllerFields.Hostname),
                ManagementIp = request.Text(ControllerFields.ManagementIp),
                Interfaces = request.Names(ControllerFields.Interfaces),
                LastSeen = _time.GetUtcNow(),
            },
            d => d.DeviceId);
        if (device is null)
        {
            return;
        }

        if (_registry.Register(device) is not { } kept)
        {
            await call.ErrorAsync(StatusCodes.Status500InternalServerError, "an address pool is empty, or there are too many devices");
            return;
        }

        await call.OkAsync(json =>
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

    private async Task ConfigureAsync(ApiCall call)
    {
        var config = await call.ReadAsync(request =>
        {
            request.Required(ControllerFields.ConfigType);
            return new DeviceConfig(request.Required(ControllerFields.DeviceId), request.Raw(ControllerFields.ConfigData) ?? "{}");
        });
        if (config is not null)
        {
            await AcknowledgeAsync(call, config.DeviceId, _registry.Configure(config.DeviceId, config.Json));
        }
    }

    private async Task StatusAsync(ApiCall call)
    {
        var report = await call.ReadAsync(
            request =>
            {
                request.Number(ControllerFields.Timestamp);
                return Tuple.Create(request.Required(ControllerFields.DeviceId), request.Required(ControllerFields.Status));
            },
            r => r.Item1);
        if (report is var (id, status))
        {
            await AcknowledgeAsync(call, id, _registry.Touch(id, status));
        }
    }

    private async Task DeviceAsync(ApiCall call)
    {
        if (await FindAsync(call) is { } device)
        {
            await call.OkAsync(json => _json.Write(json, device));
        }
    }

    private Task DevicesAsync(ApiCall call)
    {
        var devices = _registry.All();
        return call.OkAsync(json =>
        {
            json.WriteNumber("total_devices", devices.Count);
            _json.WriteList(json, "devices", devices);
        });
    }

    private Task TopologyAsync(ApiCall call)
    {
        var devices = _registry.All().ToLookup(d => d.DeviceType);
        return call.OkAsync(json =>
        {
            _json.WriteList(json, "endpoints", devices[DeviceTypes.Endpoint]);
            _json.WriteList(json, "routers", devices[DeviceTypes.Router]);
            _json.WriteOne(json, "load_balancer", devices[DeviceTypes.Balancer].FirstOrDefault());
            _json.WriteOne(json, "business_server", devices[DeviceTypes.Business].FirstOrDefault());
        });
    }

    private async Task PushAsync(ApiCall call)
    {
        if (await FindAsync(call) is not { } device)
        {
            return;
        }

        var (status, reason) = await _pusher.PushAsync(device, _registry.ConfigOf(device.DeviceId) ?? "{}", call.Context.RequestAborted);
        await call.OkAsync(json =>
        {
            json.WriteString("status", status);
            json.WriteString("device_id", device.DeviceId);
            json.WriteString("detail", reason);
        });
    }

    private async Task AllocateAsync(ApiCall call)
    {
        var owner = await call.ReadAsync(
            request =>
            {
                var (id, alias) = (request.Text(ControllerFields.OwnerId), request.Text(ControllerFields.EndpointId));
                return id ?? alias ?? request.Required(ControllerFields.DeviceId);
            },
            id => id);
        if (owner is null)
        {
            return;
        }

        if (_registry.Allocate(owner) is not { } lease)
        {
            await call.ErrorAsync(StatusCodes.Status500InternalServerError, "an address pool is empty");
            return;
        }

        await call.OkAsync(json => WriteLease(json, lease));
    }

    private Task AllocationsAsync(ApiCall call)
    {
        var allocations = _registry.Allocations();
        return call.OkAsync(json =>
        {
            json.WriteNumber("total", allocations.Count);
            json.WriteStartArray("allocations");
            foreach (var lease in allocations)
            {
                json.WriteStartObject();
                WriteLease(json, lease);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static void WriteLease(System.Text.Json.Utf8JsonWriter json, AddressLease lease)
    {
        json.WriteString("device_id", lease.Owner);
        json.WriteString("tun_ipv4", lease.IPv4);
        json.WriteString("tun_ipv6", lease.IPv6);
    }

    private static Task AcknowledgeAsync(ApiCall call, string id, bool isKnown) => isKnown
        ? call.OkAsync(json =>
        {
            json.WriteString("status", "ok");
            json.WriteString("device_id", id);
        })
        : RefuseAsync(call);

    private static Task RefuseAsync(ApiCall call) => call.ErrorAsync(StatusCodes.Status404NotFound, "no such device has registered");

    private async Task<Device?> FindAsync(ApiCall call)
    {
        if (await call.ReadIdAsync() is not { } id)
        {
            return null;
        }

        if (_registry.Find(id) is { } device)
        {
            return device;
        }

        await RefuseAsync(call);
        return null;
    }
}
