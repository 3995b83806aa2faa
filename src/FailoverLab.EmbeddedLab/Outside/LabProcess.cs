using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.EmbeddedLab;

/// <summary>The lab process as the program sees it: asked by a line, heard line by line, ended with all its namespaces.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>();
    private readonly Channel<LabReply> _answers = Channel.CreateUnbounded<LabReply>();
    private readonly Queue<string> _lastErrors = new();
    private readonly Task _reader;
    private readonly Task _errorReader;
    private volatile LiveStatus? _status;
    private bool _isDisposed;

    /// <summary>Takes over a process that was just started.</summary>
    public LabProcess(Process process)
    {
        _process = process;
        _reader = Task.Run(ReadRepliesAsync);
        _errorReader = Task.Run(ReadErrorsAsync);
    }

    /// <summary>Whether the process goes on when this object is disposed of.</summary>
    public bool IsKept { get; set; }

    /// <summary>What happened inside, in order; completes when the process has ended or was let go of.</summary>
    public ChannelReader<RunEvent> Events => _events.Reader;

    /// <summary>The latest figures; <see langword="null"/> before any came.</summary>
    public LiveStatus? Status => _status;

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="StepHostException">The lab could not do it, or is gone.</exception>
    public async Task<LabReply> AskAsync(LabRequest request, CancellationToken cancellationToken)
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

    /// <summary>Ends the process, its namespaces and everything in them with it; or lets go of one that is kept.</summary>
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

        if (IsKept)
        {
            // Its output stays open with it; what had to be heard has been heard.
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

    private static string Verb(LabRequestKind kind) => kind switch
    {
        LabRequestKind.Up => "come up",
        LabRequestKind.Arm => "arm the steps",
        LabRequestKind.Fire => "start",
        LabRequestKind.Gauge => "run the gauge",
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
