using System.Net.Sockets;
using System.Text;

namespace FailoverLab.Services.Tests;

/// <summary>Clients that dribble, and more connections than are served.</summary>
public sealed class SlowClientTests
{
    /// <summary>As served with, but less patient; Kestrel's smallest grace is a second.</summary>
    private static readonly WebLimits Limits = WebLimits.Default with { Head = TimeSpan.FromSeconds(1), Body = TimeSpan.FromSeconds(1.5), Connections = 64 };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestCase("balancer", "metrics")]
    [TestCase("controller", "register", "config", "status", "allocate_ip", "push_config/endpoint_1")]
    public async Task Client_DribblingHeadOrBody_CutOffWhileOthersAreServed(string name, params string[] paths)
    {
        await using var service = name == "balancer" ? RunningService.Balancer(Limits) : RunningService.Controller(Limits);
        var heads = paths.Select(p => DribbleAsync(service, $"POST /{p} HTTP/1.1\r\nHost: x\r\n", "X: "));
        var reads = ((string[])["health", "openapi.json", "metrics", "status", "devices"]).Select(p => DribbleAsync(service, $"GET /{p} HTTP/1.1\r\nHost: x\r\n", "X: "));
        var bodies = paths.Where(p => !p.Contains('/', StringComparison.Ordinal)).Select(p => DribbleAsync(service, $"POST /{p} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n", "{"));
        var slow = heads.Concat(reads).Concat(bodies).ToList();
        while (slow.Exists(s => !s.IsCompleted))
        {
            Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));
        }

        foreach (var answer in await Task.WhenAll(slow))
        {
            Assert.That(answer, Is.Empty.Or.StartsWith("HTTP/1.1 408 "));
        }
    }

    [Test]
    public async Task Connections_MoreThanServed_FurtherOnesClosedAndServedAgainLater()
    {
        await using var service = RunningService.Balancer(Limits with { Head = TimeSpan.FromSeconds(3) });
        using var patience = new CancellationTokenSource(Patience);
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 3 * Limits.Connections; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(service.EndPoint, patience.Token);
            }

            var outcomes = sockets.Select(s => AskAsync(s, patience.Token)).ToList();
            var answers = await Task.WhenAll(outcomes);
            Assert.That(answers.Count(a => a.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)), Is.InRange(1, Limits.Connections));
            Assert.That(answers.Count(a => a.Length == 0), Is.GreaterThanOrEqualTo(2 * Limits.Connections));
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }

        string last;
        do
        {
            last = await RawHttp.SendAsync(service.EndPoint, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        }
        while (last.Length == 0 && !patience.IsCancellationRequested);
        Assert.That(RawHttp.Status(last), Is.EqualTo(200));
    }

    private static async Task<string> AskAsync(Socket socket, CancellationToken cancel)
    {
        try
        {
            await socket.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), cancel);
        }
        catch (SocketException)
        {
            return "";
        }

        return await RawHttp.ReadAsync(socket, cancel);
    }

    /// <summary>Sends a beginning, then a byte now and then until the server closes; its answer, if it gave one.</summary>
    private static async Task<string> DribbleAsync(RunningService service, string begin, string bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(service.EndPoint, patience.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(begin), patience.Token);
        var answer = RawHttp.ReadAsync(socket, patience.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; !answer.IsCompleted && await timer.WaitForNextTickAsync(patience.Token); i++)
        {
            try
            {
                await socket.SendAsync(new[] { (byte)bytes[i % bytes.Length] }, patience.Token);
            }
            catch (SocketException)
            {
                break;
            }
        }

        return await answer;
    }
}
