using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FailoverLab.Stack.Tests;

/// <summary>What endpoints and routers make of a balancer's answers: nothing ends the asking, and a refusal is told once.</summary>
public sealed class BalancerTalkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Poller_OddAnswersAndRefusals_GoesOnAskingAndTellsEachChangeOnce()
    {
        string[] answers =
        [
            Answer("200 OK", "application/json; charset=klingon", """{"primary_router_id":"r1"}"""),
            Answer("401 Unauthorized", "application/json", "{}"),
            Answer("401 Unauthorized", "application/json", "{}"),
            Answer("503 Service Unavailable", "application/json", "{}"),
            Answer("200 OK", "application/json", "nonsense"),
            Answer("200 OK", "text/plain", """{"optimal_router_id":"r2"}"""),
            Answer("403 Forbidden", "application/json", "{}"),
            Answer("200 OK", "application/json", """{"primary_router_id":"r3"}"""),
        ];
        var (decisions, faults) = (new List<string>(), new List<string>());
        using var cancel = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var poller = BalancerPoller.Start(At(listener), "e1", decisions.Add, faults.Add, cancel.Token);

        // One more than there are answers: then the last was dealt with.
        await ServeAsync(listener, [.. answers, answers[^1]]).WaitAsync(Patience);
        await cancel.CancelAsync();
        Assert.That(decisions.Take(3), Is.EqualTo(new[] { "r1", "r2", "r3" }));
        Assert.That(faults, Has.Count.EqualTo(3));
        Assert.That(faults[0], Does.Contain("401").And.Contain("load_balancer.token"));
        Assert.That(faults[1], Does.Contain("cannot be read"));
        Assert.That(faults[2], Does.Contain("403"));
    }

    [Test]
    public async Task Reporter_WrongToken_ToldOnceUntilItIsTakenAgain()
    {
        string[] answers =
        [
            Answer("403 Forbidden", "application/json", "{}"), Answer("403 Forbidden", "application/json", "{}"), Answer("200 OK", "application/json", "{}"),
            Answer("422 Unprocessable Entity", "application/json", "{}"), Answer("200 OK", "application/json", "{}"),
        ];
        var faults = new List<string>();
        using var cancel = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var reporter = MetricsReporter.Start(At(listener), MetricsReporterTests.Config(null), new RouterLoad(), faults.Add, cancel.Token);
        var asked = await ServeAsync(listener, answers).WaitAsync(Patience);
        await cancel.CancelAsync();
        Assert.That(asked[0], Does.StartWith("POST /metrics ").And.Contain("\"server_id\":\"r1\""));
        Assert.That(faults, Has.Count.EqualTo(2));
        Assert.That(faults[0], Does.Contain("403").And.Contain("load_balancer.token"));
        Assert.That(faults[1], Does.Contain("422").And.Not.Contain("token"));
    }

    private static BalancerClientConfig At(TcpListener listener) => new(new Uri($"http://{listener.LocalEndpoint}/"), TimeSpan.FromMilliseconds(1));

    private static string Answer(string status, string type, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>Answers one request a connection.</summary>
    private static async Task<List<string>> ServeAsync(TcpListener listener, IEnumerable<string> answers)
    {
        var asked = new List<string>();
        foreach (var answer in answers)
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await using var stream = connection.GetStream();
            var request = "";
            var bytes = new byte[8192];
            do
            {
                request += Encoding.UTF8.GetString(bytes, 0, await stream.ReadAsync(bytes));
            }
            while (!request.Contains("\r\n\r\n", StringComparison.Ordinal) || (request.StartsWith("POST", StringComparison.Ordinal) && !request.Contains('}')));
            asked.Add(request);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }

        return asked;
    }
}
