using System.Diagnostics;

namespace FailoverLab.Stack.Tests;

/// <summary>The real programs over real TUN devices and sockets, in private namespaces.</summary>
[NonParallelizable]
public sealed class FailoverTests
{
    /// <summary>Ten times what is seen on an idle machine: this test proves that traffic comes back by itself, not how fast.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Test]
    public void Programs_WanCutThenRouterKilled_TrafficComesBackInBothFamilies([Values(1, 2)] int version)
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab(version);
        lab.StartAll();
        using var ipv4 = new EchoProbe(lab.Endpoint, "192.0.2.129", lab.Business, "198.51.100.10");
        using var ipv6 = new EchoProbe(lab.Endpoint, "2001:db8:f::11", lab.Business, "2001:db8:300::10");
        AssertFlows("at first");

        var cut = Stopwatch.GetTimestamp();
        lab.Way1.Forward(false);
        lab.Events(lab.Endpoint).WaitFor("switch-decided", Patience, skip: 1);
        AssertFlows("after the silent cut of wan-1");
        TestContext.Out.WriteLine($"silent cut: outage {ipv4.LongestSilence(cut).TotalMilliseconds:0.0} ms IPv4, {ipv6.LongestSilence(cut).TotalMilliseconds:0.0} ms IPv6");

        lab.Way1.Forward(true);
        Assert.That(lab.Events(lab.Endpoint).WaitFor("switch-decided", Patience, skip: 2), Does.Contain("reversion").And.Contain("\"toPath\":\"wan-1\""));
        AssertFlows("after reversion");

        var kill = Stopwatch.GetTimestamp();
        lab.Stop(lab.Router1);
        Assert.That(lab.Events(lab.Endpoint).WaitFor("switch-decided", Patience, skip: 3), Does.Contain("\"toRouter\":\"router-2\""));
        AssertFlows("after the end of router-1");
        TestContext.Out.WriteLine($"router ended: outage {ipv4.LongestSilence(kill).TotalMilliseconds:0.0} ms IPv4, {ipv6.LongestSilence(kill).TotalMilliseconds:0.0} ms IPv6");
        TestContext.Out.WriteLine(lab.Log());

        void AssertFlows(string when)
        {
            Assert.That(ipv4.WaitForAnswers(50, Patience), $"no IPv4 answers {when}\n{lab.Log()}");
            Assert.That(ipv6.WaitForAnswers(50, Patience), $"no IPv6 answers {when}\n{lab.Log()}");
        }
    }

    [Test]
    public void Programs_WanLosesItsAddressAndGetsAnother_TrafficLeavesItAndReturns()
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab();
        lab.StartAll();
        using var ipv4 = new EchoProbe(lab.Endpoint, "192.0.2.129", lab.Business, "198.51.100.10");
        Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers at first\n{lab.Log()}");

        lab.Endpoint.Ip("address del 203.0.113.18/28 dev w1");
        Assert.That(lab.Events(lab.Endpoint).WaitFor("link-changed", Patience), Does.Contain("no address").And.Contain("wan-1"), lab.Log());
        Assert.That(lab.Events(lab.Endpoint).WaitFor("switch-decided", Patience, skip: 1), Does.Contain("\"toPath\":\"wan-2\""), lab.Log());
        Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers without the address\n{lab.Log()}");

        // The routes over w1 went with the address; the endpoint sets them again by itself.
        lab.Endpoint.Ip("address add 203.0.113.19/28 dev w1");
        Assert.That(lab.Events(lab.Endpoint).WaitFor("switch-decided", Patience, skip: 2), Does.Contain("\"toPath\":\"wan-1\""), lab.Log());
        Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers from the new address\n{lab.Log()}");
    }
}
