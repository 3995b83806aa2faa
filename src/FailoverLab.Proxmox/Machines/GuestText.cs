using System.Text;

namespace FailoverLab.Proxmox;

/// <summary>
/// What a guest printed. PVE takes the agent's base64 apart and puts each byte into its JSON as one character, so that an é comes as two.
/// </summary>
internal static class GuestText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(string? sent)
    {
        if (sent is null || sent.Any(c => c > 0xFF))
        {
            return sent ?? "";
        }

        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(sent));
        }
        catch (DecoderFallbackException)
        {
            return sent;
        }
    }
}
