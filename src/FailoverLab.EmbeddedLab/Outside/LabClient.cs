using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>The embedded lab as the runner sees it: one lab process that performs the steps of every node.</summary>
public sealed class LabClient : IStepHost
{
    private readonly Process _process;
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>();
    private readonly Channel<LabReply> _answers = Channel.CreateUnbounded<LabReply>();
    private readonly Queue<string> _lastErrors = new();
    private readonly Task _reader;
    private readonly Task _errorReader;
    private bool _isKept;
    private volatile LiveStatus? _status;
    private IReadOnlyList<CaptureCount>? _captures;
    private bool _isDisposed;

    private LabClient(Process process, RunPlan plan, bool isKept)
    {
        _process = process;
        _isKept = isKept;
        Hosts = [.. plan.Topology!.Nodes.Select(n => n.Name)];
        _reader = Task.Run(ReadRepliesAsync);
        _errorReader = Task.Run(ReadErrorsAsync);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Hosts { get; }

    /// <inheritdoc/>
    public ChannelReader<RunEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public LiveStatus? Status => _status;

    /// <summary>Starts the lab process and builds the topology.</summary>
    /// <param name="plan">A plan with a topology.</param>
    /// <param name="self">How this program is started.</param>
    /// <param name="isKept">Whether the lab stays up when this client is disposed of; <c>lab down</c> then ends it.</param>
    /// <param name="cancellationToken">Gives up and takes the lab down.</param>
    /// <exception cref="StepHostException">The lab could not be built; nothing is left of it.</exception>
    public static async Task<LabClient> StartAsync(RunPlan plan, SelfCommand self, bool isKept, CancellationToken cancellationToken)
    {
        var client = new LabClient(LabLauncher.Start(self, survivesStarter: isKept), plan, isKept);
        try
        {
            await client.AskAsync(new LabRequest { Kind = LabRequestKind.Up, Plan = PlanJson.Write(plan) }, cancellationToken);
            return client;
        }
        catch
        {
            client._isKept = false;
            await client.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task ArmAsync(RunPlan plan, string runDirectory, CancellationToken cancellationToken) =>
        AskAsync(new LabRequest { Kind = LabRequestKind.Arm, RunDirectory = runDirectory }, cancellationToken);

    /// <inheritdoc/>
    public Task FireAsync(long startRealtimeNs) =>
        AskAsync(new LabRequest { Kind = LabRequestKind.Fire, StartNs = startRealtimeNs }, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CaptureCount>> StopAsync() =>
        _captures ??= (await AskAsync(new LabRequest { Kind = LabRequestKind.Stop }, CancellationToken.None)).Captures ?? [];

    /// <summary>Takes the lab down, its namespaces and everything in them with it; or lets go of one that is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            // End of input is the lab's order to end; the kill is for a lab that does not listen any more.
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (_isKept)
        {
            // Its output stays open with it; what this client had to hear has been heard.
            _events.Writer.TryComplete();
            return;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _reader;
        await _errorReader;
        _process.Dispose();
    }

    private async Task<LabReply> AskAsync(LabRequest request, CancellationToken cancellationToken)
    {
        LabReply answer;
        try
        {
            await _process.StandardInput.WriteLineAsync(LabWire.Write(request).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            answer = await _answers.Reader.ReadAsync(cancellationToken);
        }
        catch (Exception gone) when (gone is IOException or ChannelClosedException)
        {
            throw new StepHostException($"the lab process ended while it was asked to {Verb(request.Kind)}{LastErrors()}", gone);
        }

        return answer.Failure is null ? answer : throw new StepHostException($"the lab could not {Verb(request.Kind)}: {answer.Failure}");
    }

    private static string Verb(LabRequestKind kind) => kind switch
    {
        LabRequestKind.Up => "come up",
        LabRequestKind.Arm => "arm the steps",
        LabRequestKind.Fire => "start",
        _ => "stop",
    };

    private async Task ReadRepliesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            LabReply reply;
            try
            {
                reply = LabWire.ReadReply(line);
            }
            catch (JsonException)
            {
                Remember(line);
                continue;
            }

            if (reply.Status is not null)
            {
                _status = reply.Status;
            }
            else if (reply.Event is not null)
            {
                _events.Writer.TryWrite(reply.Event);
            }
            else
            {
                _answers.Writer.TryWrite(reply);
            }
        }

        _events.Writer.TryComplete();
        _answers.Writer.TryComplete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            Remember(line);
        }
    }

    private void Remember(string line)
    {
        lock (_lastErrors)
        {
            _lastErrors.Enqueue(line);
            if (_lastErrors.Count > 20)
            {
                _lastErrors.Dequeue();
            }
        }
    }

    private string LastErrors()
    {
        lock (_lastErrors)
        {
            return _lastErrors.Count == 0 ? "" : ": " + string.Join(" | ", _lastErrors);
        }
    }
}
