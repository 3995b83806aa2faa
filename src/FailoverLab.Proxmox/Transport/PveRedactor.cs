namespace FailoverLab.Proxmox;

/// <summary>Takes the secrets this program has sent or was given out of any text it shows, also where the host's answer repeats them.</summary>
internal sealed class PveRedactor
{
    private const int LeastLength = 4;
    private readonly Lock _guard = new();
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Remembers a secret, as it is and as it stands in addresses, forms and JSON.</summary>
    public string Remember(string secret)
    {
        if (secret.Length >= LeastLength)
        {
            lock (_guard)
            {
                _secrets.UnionWith([secret, Uri.EscapeDataString(secret), System.Net.WebUtility.UrlEncode(secret), System.Text.Json.JsonEncodedText.Encode(secret).ToString()]);
            }
        }

        return secret;
    }

    /// <summary>The text without any of them, fit for one line.</summary>
    public string Clean(string text)
    {
        lock (_guard)
        {
            // The longest first: one may hold another.
            foreach (var secret in _secrets.OrderByDescending(s => s.Length))
            {
                text = text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
            }
        }

        return PveText.Clean(text);
    }
}
