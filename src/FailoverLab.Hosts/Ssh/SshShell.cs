using System.Diagnostics;

namespace FailoverLab.Hosts;

/// <summary>
/// Runs programs on a host over one long-lived channel of the system's OpenSSH client. Several at once, each with its time and its own process
/// group; arguments travel as data. The status comes from the far side's own protocol, never from ssh. Safe from any thread.
/// </summary>
public sealed class SshShell : IGateShell, IClockExchange
{
    /// <summary>Exchanges with the host's clock for a change of its links, as a gate's.</summary>
    private const int Exchanges = 48;

    private readonly SshLab _lab;
    private readonly SshTarget _target;

    private SshShell(SshTarget target, SshLab lab, RemoteSession session)
    {
        _target = target;
        _lab = lab;
        Session = session;
    }

    /// <inheritdoc/>
    public string Host => _target.Host;

    /// <summary>What the far side says of itself.</summary>
    public RemoteFacts Facts => Session.Facts;

    /// <summary>Completes, with why, when the host is lost or the channel was closed.</summary>
    public Task<SshFailure> Lost => Session.Lost;

    /// <inheritdoc/>
    public long ResolutionNs => Session.ResolutionNs;

    /// <inheritdoc/>
    public ClockTurns? Turns => Session.Turns;

    /// <summary>Path of our own program on the host; <see langword="null"/> where it is not there.</summary>
    public string? Program { get; internal set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> OwnProgram => Program is { } path ? [path] : [];

    internal RemoteSession Session { get; }

    /// <summary>How long this host is waited for.</summary>
    internal TimeSpan Patience => PatienceOf(_target, _lab);

    /// <summary>Logs in and starts the far side.</summary>
    /// <param name="target">The host.</param>
    /// <param name="lab">What its lab's connections share.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SshException">It failed; says which way, and what to do.</exception>
    public static async Task<SshShell> ConnectAsync(SshTarget target, SshLab lab, CancellationToken cancellationToken)
    {
        await lab.Logins.WaitAsync(cancellationToken);
        try
        {
            using var askpass = await AskpassAsync(target, lab, cancellationToken);
            var settings = new RemoteSettings(lab.Clock, lab.Time, PatienceOf(target, lab), lab.Lease) { Agent = target.Agent, Turns = lab.Turns };
            var session = await RemoteSession.OpenAsync(target.Host, Start(target, lab, askpass), settings, cancellationToken);
            return new SshShell(target, lab, session);
        }
        finally
        {
            lab.Logins.Release();
        }
    }

    /// <inheritdoc/>
    public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken) => Session.RunAsync(command, cancellationToken);

    /// <inheritdoc/>
    public async Task<IGatedProgram> GateAsync(ShellCommand command, long atRealtimeNs, CancellationToken cancellationToken) =>
        await RemoteGate.BeginAsync(Host, Session, _lab.Clock, _lab.Time, command, atRealtimeNs, cancellationToken);

    /// <inheritdoc/>
    public Task<ClockEstimate> MeasureClockAsync(CancellationToken cancellationToken) => ClockProbe.MeasureAsync(this, _lab.Time, cancellationToken, Exchanges);

    /// <inheritdoc/>
    public Task<ClockSample> ExchangeAsync(CancellationToken cancellationToken) => Session.ExchangeAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Session.DisposeAsync();

    /// <summary>A second connection to the same host, for bulk data: a large file must not delay a timed step. The first line sent is run by the far shell.</summary>
    internal async Task<RemoteProcess> OpenBulkAsync(CancellationToken cancellationToken)
    {
        await _lab.Logins.WaitAsync(cancellationToken);
        try
        {
            // ssh asks for the password when the caller is already sending.
            var askpass = await AskpassAsync(_target, _lab, cancellationToken);
            try
            {
                return Start(_target, _lab, askpass, askpass);
            }
            catch
            {
                askpass?.Dispose();
                throw;
            }
        }
        finally
        {
            _lab.Logins.Release();
        }
    }

    private static TimeSpan PatienceOf(SshTarget target, SshLab lab) => SshPatience.Of(target.Options.GetValueOrDefault(SshPatience.Option), lab.Patience);

    private static RemoteProcess Start(SshTarget target, SshLab lab, Askpass? askpass, IDisposable? owned = null)
    {
        if (SshName.Fault(target) is { } fault)
        {
            throw new SshException(new SshFailure(SshFailureKind.BadName, target.Host, fault, "correct it in the hosts file"));
        }

        var start = new ProcessStartInfo(lab.Program, SshArguments.Of(target, lab.ConfigFile, (int)Math.Ceiling(lab.Patience.TotalSeconds / 2)));
        askpass?.Prepare(start);
        return RemoteProcess.Start(start, owned)
            ?? throw new SshException(new SshFailure(SshFailureKind.NoClient, target.Host, $"the OpenSSH client '{lab.Program}' is not installed", "install openssh-client"));
    }

    /// <summary>A name that cannot be one is refused when ssh is started; until then it must not stand in a program.</summary>
    private static async Task<Askpass?> AskpassAsync(SshTarget target, SshLab lab, CancellationToken cancellationToken) =>
        target.Password is { } password && SshName.Fault(target) is null ? await Askpass.OpenAsync(lab.Directory, [target.Host, target.Address ?? target.Host], password, cancellationToken) : null;
}
