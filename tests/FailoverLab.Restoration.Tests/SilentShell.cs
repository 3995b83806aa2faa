using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>A way to a host that can be cut and joined again.</summary>
internal sealed class SilentShell(IShell inner) : IShell
{
    private volatile bool _isSilent;

    public string Host => inner.Host;

    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken) =>
        IsSilent ? throw new StepHostException("cut") : inner.RunAsync(command, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
