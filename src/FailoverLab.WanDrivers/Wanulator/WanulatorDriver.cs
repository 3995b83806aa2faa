using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// A WANulator virtual machine: its configuration is written as a file and loaded by <c>wanulator2-headless -dc</c>, over its serial console. It cannot be
/// asked what it does, so the state to come back to is the link's profile. Each load leaves an older process behind; ending that one would cut
/// the link, so it stays.
/// </summary>
public sealed class WanulatorDriver : ILinkDriver
{
    private readonly string _host;
    private readonly LinkSides _sides;
    private readonly WanulatorAccess _access;
    private readonly Action<string> _report;
    private readonly TimeProvider _time;
    private LinkChange _up;
    private LinkChange _down;
    private WanulatorConsole? _console;

    /// <summary>Makes the driver; nothing is touched.</summary>
    /// <param name="plan">The link; its interfaces are the WANulator's own, <c>ens18</c> towards the site and <c>ens19</c> where none are named.</param>
    /// <param name="access">How the console is reached.</param>
    /// <param name="report">Takes each step in words: login prompt, file written, loaded.</param>
    /// <param name="time">Clock of the time limits.</param>
    /// <exception cref="StepHostException">An interface's name is unsafe.</exception>
    public WanulatorDriver(LinkPlan plan, WanulatorAccess access, Action<string> report, TimeProvider time)
    {
        (Link, _host, _access, _report, _time) = (plan.Name, plan.Host, access, report, time);
        _sides = LinkSides.Checked(plan.Name, plan.Lan ?? "ens18", plan.Wan ?? "ens19");
        (_up, _down) = (LinkChange.Good.With(plan.Profile), LinkChange.Good.With(plan.ProfileDown ?? plan.Profile));
    }

    /// <inheritdoc/>
    public string Link { get; }

    /// <inheritdoc/>
    public string Kind => "wanulator";

    /// <inheritdoc/>
    public IReadOnlyList<string> CannotDo(LinkChange change) => WanulatorConfig.CannotDo(change);

    /// <summary>Logs in, and takes the link's profile for the state to come back to.</summary>
    public async Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        Refuse(_up);
        Refuse(_down);
        var found = await (await ConsoleAsync(cancellationToken)).Shell.RunAsync(new ShellCommand("test", "-x", _access.Program), cancellationToken);
        return found.IsSuccess
            ? new LinkSnapshot
            {
                Link = Link,
                Host = _host,
                Kind = Kind,
                Undo = [],
                Checks = [],
                Words = $"not readable; comes back to the profile: up {WanulatorConfig.Words(_up)}, down {WanulatorConfig.Words(_down)}",
                State = JsonSerializer.Serialize(Text(_up, _down), WanulatorJson.Default.String),
                IsUnknown = true,
            }
            : throw new StepHostException($"link {Link}: {_access.Program} is not on the machine behind the serial line: is it a WANulator?");
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
    {
        var (up, down) = (direction != LinkDirection.Down ? _up.With(change) : _up, direction != LinkDirection.Up ? _down.With(change) : _down);
        Refuse(up);
        Refuse(down);
        var applied = await LoadAsync(Text(up, down), cancellationToken);
        (_up, _down) = (up, down);
        return applied with { Words = $"loaded, not readable: {_sides.Wan}: {WanulatorConfig.Words(up)}; {_sides.Lan}: {WanulatorConfig.Words(down)}" };
    }

    /// <inheritdoc/>
    public async Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken)
    {
        var text = snapshot.Kind == Kind && snapshot.State.Length > 0 ? JsonSerializer.Deserialize(snapshot.State, WanulatorJson.Default.String) : null;
        var applied = await LoadAsync(text ?? throw new StepFailedException($"link {Link}: this state is not a WANulator's"), cancellationToken);
        return applied with { Words = $"the profile is loaded again: {snapshot.Words}" };
    }

    /// <summary>Logs out.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
            _console = null;
        }
    }

    private void Refuse(LinkChange state)
    {
        if (CannotDo(state) is { Count: > 0 } faults)
        {
            throw new StepFailedException($"link {Link}: {string.Join("; ", faults)}");
        }
    }

    private string Text(LinkChange up, LinkChange down) => WanulatorConfig.Text((_sides.Lan, down), (_sides.Wan, up));

    private async Task<LinkApplied> LoadAsync(string text, CancellationToken cancellationToken)
    {
        var content = Encoding.ASCII.GetBytes(text);
        var sum = Convert.ToHexStringLower(SHA256.HashData(content));
        var file = $"/tmp/failoverlab-{sum[..16]}.wcfg";
        try
        {
            var shell = (await ConsoleAsync(cancellationToken)).Shell;
            var written = await shell.RunAsync(new ShellCommand("sh", "-c", "cat >\"$1\" && sha256sum <\"$1\"", "sh", file) { Input = content }, cancellationToken);
            if (!written.IsSuccess || !written.Output.StartsWith(sum, StringComparison.Ordinal))
            {
                throw new StepFailedException($"link {Link}: {file} was not written on the WANulator: {(written.IsSuccess ? "its check sum is wrong" : Complaint.Of(written))}");
            }

            _report($"{file} written, check sum right");
            var (loaded, before, after) = await TimedCommand.RunAsync(shell, new ShellCommand(_access.Program, "-dc", file), cancellationToken);
            _report($"{_access.Program} -dc ended with status {loaded.Status}");
            return loaded.IsSuccess
                ? new LinkApplied(after, "") { NotBeforeRealtimeNs = before == 0 ? null : before }
                : throw new StepFailedException($"link {Link}: {_access.Program} -dc {file}: {Complaint.Of(loaded)}");
        }
        catch (StepHostException failure)
        {
            // The console may be usable again; the next change logs in anew.
            await DisposeAsync();
            throw new StepFailedException($"link {Link}: {failure.Message}", failure);
        }
    }

    private async Task<WanulatorConsole> ConsoleAsync(CancellationToken cancellationToken)
    {
        if (_console is null)
        {
            // Before the line is opened: it serves one at a time, and where there is no password nobody would hang up.
            var password = _access.Password();
            _console = await WanulatorConsole.LogInAsync(_host, await _access.Open(cancellationToken), (_access.User, password), _report, _time, cancellationToken);
        }

        return _console;
    }
}
