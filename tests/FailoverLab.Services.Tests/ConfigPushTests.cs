using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FailoverLab.Services.Tests;

/// <summary>Configurations pushed to a device: the test is the device, on the published port 8080 of a loopback address of its own.</summary>
public sealed class ConfigPushTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestCase("200 OK", "success", 200)]
    [TestCase("503 Service Unavailable", "failed", 200)]
    public async Task PushConfig_DeviceAnswers_GetsTheConfigAndItsAnswerIsTold(string answer, string expected, int status)
    {
        var device = IPAddress.Parse("127.80.80.1");
        using var listener = new TcpListener(device, 8080);
        try
        {
            listener.Start();
        }
        catch (SocketException taken)
        {
            Assert.Ignore($"port 8080 of {device} is taken: {taken.Message}");
        }

        await using var service = RunningService.Controller();
        await service.PostAsync("register", $$"""{"device_id":"endpoint_1","device_type":"endpoint","hostname":"h","management_ip":"{{device}}"}""");
        await service.PostAsync("config", Bodies.Config);
        var asked = AnswerOneAsync(listener, answer);
        var (code, told) = await service.PostAsync("push_config/endpoint_1", "{}");
        Assert.That(((int)code, told.GetProperty("status").GetString()), Is.EqualTo((status, expected)), told.ToString());
        var request = await asked.WaitAsync(Patience);
        Assert.That(request, Does.StartWith("POST /config HTTP/1.1").And.Contain("application/json"));
        Assert.That(request.Split("\r\n\r\n")[1], Does.Contain("""{"a":[1,2,{"b":null}]}"""));
    }

    private static async Task<string> AnswerOneAsync(TcpListener listener, string status)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var request = "";
        var bytes = new byte[8192];
        while (!request.Contains("\r\n\r\n", StringComparison.Ordinal) || !request.EndsWith('}'))
        {
            request += Encoding.UTF8.GetString(bytes, 0, await stream.ReadAsync(bytes));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return request;
    }
}
