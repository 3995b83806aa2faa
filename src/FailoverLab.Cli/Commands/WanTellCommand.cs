using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using FailoverLab.Primitives;

namespace FailoverLab.Cli;

/// <summary><c>wan tell PATH LINE…</c>: tells running links something, at the socket that <c>wan --control PATH</c> made.</summary>
internal static class WanTellCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Command Create(CommandContext context)
    {
        var path = new Argument<string>("PATH") { Description = "The socket." };
        var lines = new Argument<string[]>("LINE") { Description = "What to tell, such as '{ degrade: { link: all, loss: 5% } }'; without any, lines of the standard input.", Arity = ArgumentArity.ZeroOrMore };
        var patience = new Option<string?>("--patience") { Description = "Wait so long for the socket to be there: 10s." };
        patience.Validators.Add(result =>
        {
            if (result.GetValue(patience) is { } text && !(DurationText.TryParse(text, out var value) && value >= TimeSpan.Zero))
            {
                result.AddError($"--patience takes a duration with its unit, not negative: 10s; seen '{text}'.");
            }
        });
        var command = new Command("tell", "Change the links of a running `wan --control PATH`; prints one JSON answer a line.") { path, lines, patience };
        command.SetAction(async (parsed, stop) =>
        {
            var longest = DurationText.TryParse(parsed.GetValue(patience), out var value) ? value : TimeSpan.Zero;
            try
            {
                using var socket = await ConnectAsync(parsed.GetRequiredValue(path), longest, context.Time, stop);
                await using var stream = new NetworkStream(socket);
                return (int)await TellAsync(context, stream, parsed.GetValue(lines) is { Length: > 0 } given ? new StringReader(string.Join('\n', given)) : context.In(), stop);
            }
            catch (Exception refusal) when (refusal is SocketException or IOException or ArgumentException)
            {
                await context.Error.WriteLineAsync($"error: no link listens at {parsed.GetRequiredValue(path)}: {refusal.Message}; is `wan … --control {parsed.GetRequiredValue(path)}` running, and yours?");
                return (int)ExitCode.Refused;
            }
        });
        return command;
    }

    private static async Task<Socket> ConnectAsync(string path, TimeSpan longest, TimeProvider time, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return socket;
            }
            catch (SocketException) when (time.GetElapsedTime(started) < longest)
            {
                socket.Dispose();
                await Task.Delay(Pause, time, stop);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>A line at a time: each is answered before the next is sent.</summary>
    private static async Task<ExitCode> TellAsync(CommandContext context, Stream stream, TextReader lines, CancellationToken stop)
    {
        using var answers = new StreamReader(stream, leaveOpen: true);
        await using var orders = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true };
        var code = ExitCode.Passed;
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            await orders.WriteLineAsync(line.AsMemory(), stop);
            if (line.AsSpan().Trim() is [] or ['#', ..])
            {
                continue;
            }

            var answer = await AnswerAsync(answers, stop);
            await context.Out.WriteLineAsync(answer);
            code = IsRefusal(answer) ? ExitCode.InvalidFile : code;
        }

        return code;
    }

    private static async Task<string> AnswerAsync(TextReader answers, CancellationToken stop) =>
        await answers.ReadLineAsync(stop) ?? throw new IOException("the links ended before they answered");

    private static bool IsRefusal(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.TryGetProperty("errors", out _) || document.RootElement.TryGetProperty("failure", out _);
    }
}
