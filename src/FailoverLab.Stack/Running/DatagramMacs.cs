using FailoverLab.Linux;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>Chooses how tags are computed here.</summary>
internal static class DatagramMacs
{
    /// <summary>The seal of a pre-shared key, with the fastest HMAC there is on this system.</summary>
    public static DatagramSeal Seal(string preSharedKey)
    {
        var key = DatagramSeal.KeyOf(preSharedKey);
        return new DatagramSeal(CryptoMac.TryCreate(key) is { } direct ? direct : new IncrementalMac(key));
    }
}
