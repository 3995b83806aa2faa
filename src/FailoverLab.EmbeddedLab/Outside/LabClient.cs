using System.Threading.Channels;
using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The embedded lab as the runner sees it: one lab process that performs the steps of every node.</summary>
public sealed class LabClient : IStepHost
{
    private readonly LabProcess _lab;
    private IReadOnlyList<CaptureCount>? _captures;

    private LabClient(LabProcess lab, RunPlan plan)
    {
        _lab = lab;
        Hosts = [.. plan.Topology!.Nodes.Select(n => n.Name)];
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Hosts { get; }

    /// <inheritdoc/>
    public ChannelReader<RunEvent> Events => _lab.Events;

    /// <inheritdoc/>
    public LiveStatus? Status => _lab.Status;

    /// <summary>Starts the lab process and builds the topology.</summary>
    /// <param name="plan">A plan with a topology.</param>
    /// <param name="self">How this program is started.</param>
    /// <param name="isKept">Whether the lab stays up when this client is disposed of; <c>lab down</c> then ends it.</param>
    /// <param name="cancellationToken">Gives up and takes the lab down.</param>
    /// <exception cref="StepHostException">The lab could not be built; nothing is left of it.</exception>
    public static async Task<LabClient> StartAsync(RunPlan plan, SelfCommand self, bool isKept, CancellationToken cancellationToken)
    {
        var lab = new LabProcess(LabLauncher.Start(self, survivesStarter: isKept));
        try
        {
            await lab.AskAsync(new LabRequest { Kind = LabRequestKind.Up, Plan = PlanJson.Write(plan) }, cancellationToken);
            lab.IsKept = isKept;
            return new LabClient(lab, plan);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken) =>
        _lab.AskAsync(new LabRequest { Kind = LabRequestKind.Arm, RunDirectory = runDirectory }, cancellationToken);

    /// <inheritdoc/>
    public Task FireAsync(long startRealtimeNs) =>
        _lab.AskAsync(new LabRequest { Kind = LabRequestKind.Fire, StartNs = startRealtimeNs }, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CaptureCount>> StopAsync() =>
        _captures ??= (await _lab.AskAsync(new LabRequest { Kind = LabRequestKind.Stop }, CancellationToken.None)).Captures ?? [];

    /// <summary>Takes the lab down, its namespaces and everything in them with it; or lets go of one that is kept.</summary>
    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}
