namespace FailoverLab.Services;

/// <summary>Codes of faults in the services' config files; docs/TUNNEL.md gives cause and cure of each.</summary>
public static class ServiceCodes
{
    /// <summary>The score's weights do not sum to 1 (warning).</summary>
    public const string Weights = "FL2050";

    /// <summary>A pool ends before it starts.</summary>
    public const string EmptyPool = "FL2051";

    /// <summary>Listens beyond loopback without a token (warning when read, refusal when started).</summary>
    public const string OpenToAll = "FL2052";

    /// <summary>A token that is not given by reference, too short, or not one word of visible characters.</summary>
    public const string Token = "FL2053";

    /// <summary>The role <c>device</c> without a device, or a device with another role.</summary>
    public const string TokenDevice = "FL2054";

    /// <summary>Two entries with one token.</summary>
    public const string SameToken = "FL2055";

    /// <summary>The certificate or its key cannot be used.</summary>
    public const string Certificate = "FL2056";

    /// <summary>Tokens travel in clear text (warning).</summary>
    public const string ClearText = "FL2057";
}
