using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FailoverLab.Services.Tests;

/// <summary>Serving with a certificate.</summary>
public sealed class TlsTests
{
    [Test]
    public async Task Balancer_WithCertificate_AnswersThoseWhoTrustItAndNoPlainHttp()
    {
        var folder = Directory.CreateTempSubdirectory("failoverlab-tls").FullName;
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=balancer", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
            var tls = new TlsConfig(Path.Combine(folder, "c.pem"), Path.Combine(folder, "k.pem"));
            await File.WriteAllTextAsync(tls.CertificatePath, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(tls.KeyPath, key.ExportPkcs8PrivateKeyPem());

            using var trusting = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == certificate.Thumbprint };
            await using var service = RunningService.Balancer(tls: tls, handler: trusting);
            Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));

            using var stranger = new HttpClient { BaseAddress = service.Client.BaseAddress };
            await Assert.ThatAsync(async () => await stranger.GetStringAsync("health"), Throws.InstanceOf<HttpRequestException>());
            using var plain = new HttpClient { BaseAddress = new Uri($"http://{service.EndPoint}/") };
            await Assert.ThatAsync(async () => await plain.GetStringAsync("health"), Throws.InstanceOf<HttpRequestException>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
