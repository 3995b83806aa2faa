using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>A WANulator's serial console, logged in: a shell on it until it is disposed of, which logs out. One user at a time.</summary>
internal sealed class WanulatorConsole : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LogoutPatience = TimeSpan.FromSeconds(5);
    private readonly Stream _line;
    private readonly TimeProvider _time;

    private WanulatorConsole(Stream line, SerialShell shell, TimeProvider time) => (_line, Shell, _time) = (line, shell, time);

    /// <summary>The shell.</summary>
    public SerialShell Shell { get; }

    /// <summary>Logs in.</summary>
    /// <param name="host">Name for messages.</param>
    /// <param name="line">The serial line; disposed of with the console.</param>
    /// <param name="credentials">User and password.</param>
    /// <param name="report">Takes each step in words.</param>
    /// <param name="time">Clock of the time limits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StepHostException">Nobody answered, or refused.</exception>
    public static async Task<WanulatorConsole> LogInAsync(
        string host, Stream line, (string User, string Password) credentials, Action<string> report, TimeProvider time, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var dialogue = new LoginDialogue(credentials.User, credentials.Password, TimeSpan.Zero);
        var (buffer, told, reading) = (new byte[1024], 0, (Task<int>?)null);
        try
        {
            while (!dialogue.IsIn)
            {
                var now = time.GetElapsedTime(begin);
                var typed = "";
                if (now >= dialogue.Deadline)
                {
                    typed = dialogue.Tick(now);
                }
                else
                {
                    reading ??= line.ReadAsync(buffer, cancellationToken).AsTask();
                    if (await Task.WhenAny(reading, Task.Delay(dialogue.Deadline - now, time, cancellationToken)) == reading)
                    {
                        var read = await reading;
                        reading = null;
                        typed = read > 0 ? dialogue.Take(buffer.AsSpan(0, read), now) : throw new StepHostException($"{host}: the serial line was closed by the other side");
                    }
                }

                for (; told < dialogue.Steps.Count; told++)
                {
                    report(dialogue.Steps[told]);
                }

                if (dialogue.Failure is { } failure || now > Patience)
                {
                    throw new StepHostException($"{host}: no login on the serial console: {dialogue.Failure ?? $"no prompt within {Patience.TotalSeconds:0} s; somebody else may hold the line"} ({string.Join(", ", dialogue.Steps.TakeLast(4))})");
                }

                await line.WriteAsync(Encoding.ASCII.GetBytes(typed), cancellationToken);
            }
        }
        catch (Exception failure)
        {
            await line.DisposeAsync();
            if (failure is IOException)
            {
                throw new StepHostException($"{host}: the serial line broke: {failure.Message}", failure);
            }

            throw;
        }

        return new WanulatorConsole(line, new SerialShell(host, line, time), time);
    }

    /// <summary>Logs out, so that the next one can log in, and closes the line once the machine asks for a login again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Shell.LeaveAsync();
            using var limit = new CancellationTokenSource(LogoutPatience, _time);
            await _line.WriteAsync("exit\n"u8.ToArray(), limit.Token);
            var (seen, buffer) = (new StringBuilder(), new byte[256]);
            for (var read = 1; read > 0 && !seen.ToString().Contains("login:", StringComparison.Ordinal);)
            {
                read = await _line.ReadAsync(buffer, limit.Token);
                seen.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (Exception failure) when (failure is IOException or StepHostException or OperationCanceledException)
        {
            // The machine is gone, or in no mood to say goodbye; its line is closed either way.
        }

        await _line.DisposeAsync();
    }
}
