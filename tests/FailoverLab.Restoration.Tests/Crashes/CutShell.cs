using FailoverLab.Hosts;

namespace FailoverLab.Restoration.Tests;

/// <summary>A way to a host that is cut for good at some instant; the command under way then is still run, and its answer may be lost.</summary>
internal sealed class CutShell(IShell inner) : IShell
{
    private volatile bool _isCut;
    private volatile bool _isAnswerLost;

    public string Host => inner.Host;

    public void Cut(bool isAnswerLost)
    {
        _isAnswerLost = isAnswerLost;
        _isCut = true;
    }

    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        if (_isCut)
        {
            throw new StepHostException("the channel is cut");
        }

        var result = await inner.RunAsync(command, cancellationToken);
        return _isCut && _isAnswerLost ? throw new StepHostException("the channel was cut before the answer came") : result;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
