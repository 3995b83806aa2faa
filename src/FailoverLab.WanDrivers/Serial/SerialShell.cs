using System.Security.Cryptography;
using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>
/// A shell on a machine that has nothing but a serial line, already logged in: sh, base64, md5sum, timeout, sed, head and cut are needed there,
/// all of which busybox has. Damage by line noise or kernel messages is found by check sums and repaired by asking again.
/// </summary>
public sealed class SerialShell : IShell
{
    private const int Attempts = 5;
    private const int HelloAttempts = 15;
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Stream _line;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[4096];
    private readonly string _session = Mark();
    private bool _isBroken = true;

    /// <summary>Makes the shell; nothing is sent before the first command.</summary>
    /// <param name="host">The machine's name in the plan.</param>
    /// <param name="line">Its serial line; disposed of with the shell.</param>
    /// <param name="time">Clock of the time limits.</param>
    public SerialShell(string host, Stream line, TimeProvider time) => (Host, _line, _time) = (host, line, time);

    /// <inheritdoc/>
    public string Host { get; }

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var mark = Mark();
        var (answer, script, text) = (new SerialAnswer(mark), new SerialScript(mark, _session), SerialScript.Text(command));
        try
        {
            if (_isBroken)
            {
                await AskAsync("\x03" + script.Hello, answer, () => answer.Acknowledged == "hello", HelloPatience, cancellationToken, HelloAttempts);
            }

            _isBroken = true;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                // In pieces that are each waited for, or all at once with what runs it: a line takes its time each way.
                var pieces = script.Write("sh", text).Concat(command.Input.IsEmpty ? [] : script.Write("in", command.Input)).ToList();
                var isShort = SerialScript.IsShort(text, command.Input);
                foreach (var (typed, acknowledgement) in isShort ? [] : pieces)
                {
                    await AskAsync(typed, answer, () => answer.Acknowledged == acknowledgement, Patience, cancellationToken);
                }

                answer.Clear();
                var before = isShort ? string.Concat(pieces.Select(p => p.Typed)) : "";
                await AskAsync(before + script.Run(text, command.Input, command.Timeout), answer, () => answer.Sum is not null || answer.IsOver, command.Timeout + (2 * Patience), cancellationToken, attempts: 1);
                if (answer.Sum != "damaged")
                {
                    return await FinishAsync(command, script, answer, cancellationToken);
                }
            }
        }
        catch (IOException failure)
        {
            throw new StepHostException($"{Host}: the serial line broke: {failure.Message}", failure);
        }

        throw new StepHostException($"{Host}: the serial line damaged a command {Attempts} times in a row");
    }

    /// <summary>Takes our files away and gives the terminal its echo back; the line stays open.</summary>
    /// <exception cref="StepHostException">No answer: the machine is gone, or no shell is there any more.</exception>
    internal async Task LeaveAsync()
    {
        var mark = Mark();
        var answer = new SerialAnswer(mark);
        await AskAsync((_isBroken ? "\x03\n" : "") + new SerialScript(mark, _session).Bye, answer, () => answer.Acknowledged == "bye", HelloPatience, CancellationToken.None, attempts: 1);
    }

    /// <summary>Gives the terminal its echo back and closes the line.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await LeaveAsync();
        }
        catch (Exception failure) when (failure is IOException or StepHostException)
        {
            // The machine is gone, and its terminal with it.
        }

        await _line.DisposeAsync();
    }

    private static string Mark() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    private async Task<ShellResult> FinishAsync(ShellCommand command, SerialScript script, SerialAnswer answer, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (output, error, isWhole) = answer.Take();
            if (isWhole)
            {
                var status = answer.Status!.Value;
                _isBroken = false;
                return new ShellResult(status, Encoding.UTF8.GetString(output), Encoding.UTF8.GetString(error), TimedOut: status == 137 && !WasKilledItself(command));
            }

            answer.Clear();
            await AskAsync(script.Again, answer, () => answer.Sum is not null || answer.IsOver, Patience, cancellationToken);
        }

        throw new StepHostException($"{Host}: the serial line damaged the answer {Attempts} times in a row");

        // `timeout` kills with 9, and a command that says it was killed by 9 cannot be told from it; none that we run does.
        static bool WasKilledItself(ShellCommand command) => command.Arguments is ["kill", ..];
    }

    /// <summary>Types and reads until the answer is there; what may be typed twice is, when nothing comes.</summary>
    private async Task AskAsync(string typed, SerialAnswer answer, Func<bool> isThere, TimeSpan patience, CancellationToken cancellationToken, int attempts = 3)
    {
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            // Typed again, it begins with Ctrl-C: noise may have opened a quote that never ends.
            var bytes = Encoding.ASCII.GetBytes(attempt == 0 ? typed : "\x03\n" + typed);
            using var limit = new CancellationTokenSource(patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                await _line.WriteAsync(bytes, either.Token);
                while (!isThere())
                {
                    var read = await _line.ReadAsync(_buffer, either.Token);
                    if (read == 0)
                    {
                        throw new StepHostException($"{Host}: the serial line was closed by the other side");
                    }

                    answer.Add(_buffer.AsSpan(0, read));
                }

                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Typed again, in the hope that only the acknowledgement was lost.
            }
        }

        throw new StepHostException($"{Host}: no answer on the serial line within {attempts * patience.TotalSeconds:0} s; is a shell logged in there?");
    }
}
