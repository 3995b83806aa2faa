using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Secrets appear in no message, whatever the host answers.</summary>
public sealed class SecretTests : FakeHostTests
{
    [Test]
    public async Task Canaries_OfATokenAndAPassword_AreInNoFault()
    {
        var said = new List<string>();
        foreach (var endpoint in new[] { Host.TokenEndpoint, Host.PasswordEndpoint })
        {
            foreach (var status in new[] { 400, 401, 403, 500, 596 })
            {
                Host.Faults.Clear();
                Host.Faults.Add(Echo(status));
                var client = Client(endpoint);
                foreach (var call in new Func<Task>[]
                {
                    () => client.VersionAsync(None), () => client.Machine("pve1", 101).ResetAsync(None), () => client.Machine("pve1", 101).ExecAsync(["true"], "c4n4ry input", TimeSpan.FromSeconds(1), None),
                    () => client.Machine("pve1", 101).OpenSerialAsync(0, None), () => client.Machine("pve1", 101).SetNetAsync(0, NetDevice.Parse("virtio")!, new string('a', 40), None),
                })
                {
                    var fault = await Thrown.ByAsync(call);
                    said.Add($"{fault} {fault.Hint} {string.Join(' ', fault.Parameters)} {endpoint} {client.Endpoint}");
                }
            }
        }

        Assert.That(said, Has.Count.EqualTo(50));
        Assert.That(said, Has.Some.Contains("***"), "the host did repeat them");
        foreach (var text in said)
        {
            Assert.That(text, Does.Not.Contain("c4n4ry").IgnoreCase.And.Not.Contains(FakePve.TokenSecret).IgnoreCase, text);
        }
    }

    [Test]
    public async Task Canaries_ThatAreSent_StandInNoAddress()
    {
        var client = Client(Host.PasswordEndpoint);
        Host.Machines[101].Agent = (_, _) => (0, [], []);
        await client.Machine("pve1", 101).ExecAsync(["true"], "c4n4ry input", TimeSpan.FromSeconds(5), None);
        Assert.That(Host.Requests.Where(r => r.Method == "GET").SelectMany(r => r.Values).Select(v => v.Value), Has.None.Contains("c4n4ry"));
        Assert.That(Host.Requests.Select(r => r.Path), Has.None.Contains("c4n4ry"));
    }

    /// <summary>Repeats everything it was sent, as a broken host or proxy might; logins succeed.</summary>
    private static FakeFault Echo(int status) => new(r => r.Path != "/access/ticket", async context =>
    {
        var sent = string.Join(' ', context.Request.Headers.Select(h => $"{h.Key}={h.Value}")) + " " + Uri.UnescapeDataString(context.Request.Headers.Cookie.ToString()) + " " + context.Request.QueryString;
        var form = context.Request.HasFormContentType ? string.Join(' ', (await context.Request.ReadFormAsync()).Where(f => f.Key != "input-data").Select(f => $"{f.Key}={f.Value}")) : "";
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await System.Text.Json.JsonSerializer.SerializeAsync(context.Response.Body, new { data = (string?)null, message = form + sent, errors = new Dictionary<string, string> { [sent] = sent } });
    })
    { Times = int.MaxValue };
}
