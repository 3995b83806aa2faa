using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Stack.Tests;

/// <summary>How endpoints and routers show themselves to the balancer.</summary>
public sealed class BalancerClientTests
{
    private const string Token = "a-token-of-a-test-0123456789";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("failoverlab-client").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Create_TokenAndPrivateCa_ShowsTheTokenToThatCaAlone()
    {
        using var ours = Certificate("127.0.0.1");
        using var theirs = Certificate("127.0.0.1");
        var ca = Path.Combine(_folder, "ca.pem");
        await File.WriteAllTextAsync(ca, ours.ExportCertificatePem());

        Assert.That(await AskAsync(ours, ca), Does.Contain($"Authorization: Bearer {Token}\r\n"));
        await Assert.ThatAsync(async () => await AskAsync(theirs, ca), Throws.InstanceOf<HttpRequestException>());
        await Assert.ThatAsync(async () => await AskAsync(ours, null), Throws.InstanceOf<HttpRequestException>(), "the system does not know this CA");
    }

    [Test]
    public void Read_TokenAndCa_TakenWithAdviceAboutClearText()
    {
        using var certificate = Certificate("127.0.0.1");
        var (ca, token) = (Path.Combine(_folder, "ca.pem"), Path.Combine(_folder, "token"));
        File.WriteAllText(ca, certificate.ExportCertificatePem());
        File.WriteAllText(token, Token + "\n");
        var (config, found) = Read($"{{ url: 'https://lb.example.org:8080', token: 'file:{token}', ca: '{ca}' }}");
        Assert.That((config!.Token, config.CaPath, found.Count), Is.EqualTo((Token, ca, 0)));
        Assert.That(config.ToString(), Does.Not.Contain(Token));
        Assert.That(Read($"{{ url: 'http://192.0.2.1:8080', token: 'file:{token}' }}").Found, Is.EqualTo(new[] { StackCodes.ClearText }));
        Assert.That(Read($"{{ url: 'http://127.0.0.1:8080', token: 'file:{token}' }}").Found, Is.Empty);
        Assert.That(Read("{ url: 'https://x', ca: /no/such/file }").Found, Is.EqualTo(new[] { StackCodes.Ca }));
        Assert.That(Read($"{{ url: 'https://x', ca: '{token}' }}").Found, Is.EqualTo(new[] { StackCodes.Ca }));
    }

    private (BalancerClientConfig? Config, IReadOnlyList<string> Found) Read(string section)
    {
        var file = Path.Combine(_folder, "config.yaml");
        File.WriteAllText(file, $"load_balancer: {section}\n");
        var bag = new DiagnosticBag();
        var config = StackValues.Balancer(MappingReader.Open(YamlReader.ReadFile(file, bag), bag, "a config")!, _ => null);
        return (config, [.. bag.Sorted().Select(d => d.Code)]);
    }

    private static X509Certificate2 Certificate(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>One request over TLS on loopback; what the server was shown.</summary>
    private static async Task<string> AskAsync(X509Certificate2 certificate, string? ca)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var seen = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await using var stream = new SslStream(connection.GetStream());
            await stream.AuthenticateAsServerAsync(certificate);
            var bytes = new byte[4096];
            var count = await stream.ReadAsync(bytes);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
            return Encoding.ASCII.GetString(bytes, 0, count);
        });
        var config = new BalancerClientConfig(new Uri($"https://{listener.LocalEndpoint}/"), TimeSpan.FromSeconds(1)) { Token = Token, CaPath = ca };
        using var client = BalancerHttp.Create(config, TimeSpan.FromSeconds(10));
        try
        {
            await client.GetStringAsync("decision/e");
        }
        catch (HttpRequestException)
        {
            Assert.That(await SeenAsync(seen), Is.Empty, "the server saw no request");
            throw;
        }

        return await seen;
    }

    private static async Task<string> SeenAsync(Task<string> seen)
    {
        try
        {
            return await seen;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return "";
        }
    }
}
