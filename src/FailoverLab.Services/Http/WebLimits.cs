namespace FailoverLab.Services;

/// <summary>What a client may take of a service.</summary>
internal sealed record WebLimits
{
    /// <summary>What is served with.</summary>
    public static WebLimits Default { get; } = new();

    /// <summary>Most bytes of a body.</summary>
    public int BodyBytes { get; init; } = 64 << 10;

    /// <summary>Most connections at once; further ones are closed unanswered.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>How long a request's head, or a TLS handshake, may take.</summary>
    public TimeSpan Head { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a body may come slower than 100 bytes a second.</summary>
    public TimeSpan Body { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may stay idle.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
