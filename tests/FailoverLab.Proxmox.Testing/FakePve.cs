using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace FailoverLab.Proxmox.Testing;

/// <summary>
/// A PVE host in this process: over real TLS on the loopback, with state, tasks, tickets, digests, consoles and faults. What it is asked is held against
/// PVE's published API where that is at hand (<see cref="PveSchema"/>).
/// </summary>
public sealed class FakePve : IAsyncDisposable
{
    /// <summary>The token it knows.</summary>
    public const string Token = "lab@pve!failover";

    /// <summary>Its secret; must appear nowhere else.</summary>
    public const string TokenSecret = "ca9a4e75-0000-4000-8000-5ec4e7ca9a27";

    /// <summary>The user it knows.</summary>
    public const string User = "lab@pve";

    /// <summary>The user's password; must appear nowhere else.</summary>
    public const string Password = "c4n4ry pässword+/=&%";

    private readonly WebApplication _app;
    private readonly FakeApi _api;

    private FakePve(WebApplication app, X509Certificate2 certificate, FakeApi api) => (_app, Certificate, _api) = (app, certificate, api);

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Urls.Single());

    /// <summary>Its certificate, signed by itself.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its time; give it to clients too.</summary>
    public SkewedTime Time => _api.Time;

    /// <summary>Its machines by number.</summary>
    public ConcurrentDictionary<int, FakeMachine> Machines => _api.Machines;

    /// <summary>Every request so far.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = [];

    /// <summary>What goes wrong next; the first that fits acts.</summary>
    public List<FakeFault> Faults { get; } = [];

    /// <summary>Requests the published API would not take.</summary>
    public ConcurrentQueue<string> SchemaFaults { get; } = [];

    /// <summary>Privileges nobody has here.</summary>
    public HashSet<string> Missing => _api.Missing;

    /// <summary>How the next tasks end, one each; <c>OK</c> when empty.</summary>
    public ConcurrentQueue<string> TaskEnds => _api.Tasks.Ends;

    /// <summary>How often a task says that it runs before it has ended.</summary>
    public int TaskPolls { get => _api.Tasks.Polls; set => _api.Tasks.Polls = value; }

    /// <summary>Called after a card was written: machine, number of the card, the card.</summary>
    public Action<int, int, NetDevice>? NetChanged { get => _api.NetChanged; set => _api.NetChanged = value; }

    /// <summary>An endpoint that pins its certificate and uses its token; the secret stands in the variable <c>FAKE_PVE_TOKEN</c>.</summary>
    public PveEndpoint TokenEndpoint
    {
        get
        {
            Environment.SetEnvironmentVariable("FAKE_PVE_TOKEN", TokenSecret);
            return new PveEndpoint("fake", Url) { Fingerprint = PveFingerprint.Of(Certificate), Token = Token, TokenSecret = PveSecret.Parse("env:FAKE_PVE_TOKEN"), Node = "pve1" };
        }
    }

    /// <summary>An endpoint that pins its certificate and logs in; the password stands in the variable <c>FAKE_PVE_PASSWORD</c>.</summary>
    public PveEndpoint PasswordEndpoint
    {
        get
        {
            Environment.SetEnvironmentVariable("FAKE_PVE_PASSWORD", Password);
            return new PveEndpoint("fake", Url) { Fingerprint = PveFingerprint.Of(Certificate), User = User, Password = PveSecret.Parse("env:FAKE_PVE_PASSWORD"), Node = "pve1" };
        }
    }

    /// <summary>Starts one, with the seed lab's machines 100 to 103 on it.</summary>
    /// <param name="address">Where it listens; its certificate is good for 127.0.0.1.</param>
    /// <param name="listen">Opens the socket it listens with, in another network namespace perhaps; absent = here.</param>
    public static async Task<FakePve> StartAsync(string address = "127.0.0.1", Func<EndPoint, Socket>? listen = null)
    {
        var certificate = SelfSigned("pve1.example");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(s => s.CreateBoundListenSocket = listen ?? SocketTransportOptions.CreateDefaultBoundListenSocket);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Parse(address), 0, l =>
        {
            l.Protocols = HttpProtocols.Http1;
            l.UseHttps(certificate);
        }));
        var app = builder.Build();
        app.UseWebSockets();
        var fake = new FakePve(app, certificate, new FakeApi());
        app.Run(fake.HandleAsync);
        await app.StartAsync();
        return fake;
    }

    /// <summary>A certificate signed by itself, good for localhost and 127.0.0.1.</summary>
    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}, O=Fake", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        Certificate.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        Requests.Enqueue(request);
        FakeFault? fault;
        lock (Faults)
        {
            fault = Faults.Find(f => f.Times > 0 && f.When(request));
            if (fault is not null)
            {
                fault.Times--;
            }
        }

        if (fault is { IsAfter: false })
        {
            await fault.Act(context);
            return;
        }

        foreach (var fit in PveSchema.Published?.FaultsOf(request.Method, request.Path, request.Values) ?? [])
        {
            SchemaFaults.Enqueue($"{request}: {fit}");
        }

        if (context.WebSockets.IsWebSocketRequest && request.Path.EndsWith("/vncwebsocket", StringComparison.Ordinal) && _api.Refusal(request) is null)
        {
            await FakeTerminal.ServeAsync(context, request, _api);
            return;
        }

        var reply = _api.Answer(request);
        foreach (var fit in reply.Status == 200 ? PveSchema.Published?.FaultsOfReply(request.Method, request.Path, JsonSerializer.SerializeToElement(reply.Data)) ?? [] : [])
        {
            SchemaFaults.Enqueue($"answer to {request}: {fit}");
        }

        await (fault?.Act(context) ?? WriteAsync(context, reply));
    }

    private static async Task<FakeRequest> ReadAsync(HttpContext context)
    {
        var values = context.Request.Query.SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v ?? ""))).ToList();
        if (context.Request.HasFormContentType)
        {
            values.AddRange((await context.Request.ReadFormAsync()).SelectMany(f => f.Value.Select(v => KeyValuePair.Create(f.Key, v ?? ""))));
        }

        const string prefix = "/api2/json";
        var path = context.Request.Path.Value ?? "";
        return new FakeRequest(
            context.Request.Method, path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : "!" + path, values,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }

    private static async Task WriteAsync(HttpContext context, FakeReply reply)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.Message.Length > 0)
        {
            context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = reply.Message;
        }

        context.Response.ContentType = "application/json;charset=UTF-8";
        var body = new Dictionary<string, object?> { ["data"] = reply.Data };
        if (reply.Total is { } total)
        {
            body["total"] = total;
        }

        if (reply.Message.Length > 0 && !reply.IsReasonOnly)
        {
            body["message"] = reply.Message + "\n";
        }

        if (reply.Errors.Count > 0)
        {
            body["errors"] = reply.Errors;
        }

        await context.Response.WriteAsync(JsonSerializer.Serialize(body));
    }
}
