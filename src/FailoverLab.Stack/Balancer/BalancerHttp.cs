using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace FailoverLab.Stack;

/// <summary>The HTTP client by which an endpoint or a router speaks with the balancer.</summary>
internal static class BalancerHttp
{
    /// <summary>Most bytes of an answer: 10,000 routers in a decision's list.</summary>
    private const int MaxAnswerBytes = 4 << 20;

    /// <summary>Makes a client that shows the token and, where a CA file is given, trusts certificates of those CAs alone.</summary>
    /// <param name="config">Where the balancer is.</param>
    /// <param name="patience">How long one request may take.</param>
    public static HttpClient Create(BalancerClientConfig config, TimeSpan patience)
    {
        // A redirection would take the token elsewhere.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (config.CaPath is { } path)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(path);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        var client = new HttpClient(handler) { BaseAddress = config.Url, Timeout = patience, MaxResponseContentBufferSize = MaxAnswerBytes };
        client.DefaultRequestHeaders.Authorization = config.Token is null ? null : new AuthenticationHeaderValue("Bearer", config.Token);
        return client;
    }
}
