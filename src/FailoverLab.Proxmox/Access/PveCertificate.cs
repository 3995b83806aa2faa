using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FailoverLab.Proxmox;

/// <summary>The certificate a host shows, for a person to compare before it is trusted.</summary>
/// <param name="Fingerprint">SHA-256 of it.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="NotBefore">From when it is good.</param>
/// <param name="NotAfter">Until when.</param>
/// <param name="Names">Names and addresses it is good for.</param>
public sealed record PveCertificate(PveFingerprint Fingerprint, string Subject, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter, IReadOnlyList<string> Names)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks a host for its certificate and hangs up; nothing is sent to it, so nothing need be trusted yet.</summary>
    /// <param name="url">The host.</param>
    /// <param name="time">Timers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PveException">It shows none within 10 s.</exception>
    public static async Task<PveCertificate> FetchAsync(Uri url, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host.Trim('[', ']') : url.Host;
        PveCertificate? seen = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, url.Port, ending.Token);
            await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, Look);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ending.Token);
        }
        catch (AuthenticationException) when (seen is not null)
        {
            // Looked at and refused, as meant: no byte of ours goes over this connection.
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException)
        {
            throw new PveException(PveFault.Unreachable, $"{url.Host}:{url.Port} shows no certificate: {PveText.Clean(failure.Message)}", "is the host up, and is that PVE's port (8006)?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PveException(PveFault.TimedOut, $"{url.Host}:{url.Port} shows no certificate within {Patience.TotalSeconds:0} s", "is the host up, and is that PVE's port (8006)?");
        }

        return seen ?? throw new PveException(PveFault.Malformed, $"{url.Host}:{url.Port} shows no certificate");

        bool Look(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            seen = certificate is X509Certificate2 leaf ? Of(leaf) : null;
            return false;
        }
    }

    private static PveCertificate Of(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(n => n.EnumerateDnsNames().Concat(n.EnumerateIPAddresses().Select(a => a.ToString())));
        return new PveCertificate(
            PveFingerprint.Of(leaf), PveText.Clean(leaf.Subject, 120), PveText.Clean(leaf.Issuer, 120), new DateTimeOffset(leaf.NotBefore.ToUniversalTime()), new DateTimeOffset(leaf.NotAfter.ToUniversalTime()),
            [.. names.Select(n => PveText.Clean(n, 80)).Take(20)]);
    }
}
