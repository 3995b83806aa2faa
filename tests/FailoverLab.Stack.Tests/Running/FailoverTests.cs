using System.Diagnostics;

namespace FailoverLab.Stack.Tests;

/// <summary>The real programs over real TUN devices and sockets, in private namespaces.</summary>
[NonParallelizable]
public sealed class FailoverTests
{
    /// <summary>Ten times what is seen on an idle machine: this test proves that traffic comes back by itself, not how fast.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [TestCase(1, false)]
    [TestCase(2, false)]
    [TestCase(1, true)]
    public void Programs_WanCutThenRouterKilled_TrafficComesBackInBothFamilies(int version, bool isIPv6Outside)
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab(version, isIPv6Outside);
        lab.StartAll();
        using var ipv4 = new EchoProbe(lab.Endpoint, "192.0.2.129", lab.Business, "198.51.100.10");
        using var ipv6 = new EchoProbe(lab.Endpoint, "2001:db8:f::11", lab.Business, "2001:db8:300::10");
        AssertFlows("at first");

        var cut = Stopwatch.GetTimestamp();
        lab.Way1.Forward(false);
        AwaitSwitch(lab, 1, "\"toPath\":\"wan-2\"");
        AssertFlows("after the silent cut of wan-1");
        TestContext.Out.WriteLine($"silent cut: outage {ipv4.LongestSilence(cut).TotalMilliseconds:0.0} ms IPv4, {ipv6.LongestSilence(cut).TotalMilliseconds:0.0} ms IPv6");

        var seen = Switches(lab);
        lab.Way1.Forward(true);
        AwaitSwitch(lab, seen, "\"toPath\":\"wan-1\"");
        AssertFlows("after reversion");

        var kill = Stopwatch.GetTimestamp();
        lab.Stop(lab.Router1);
        AwaitSwitch(lab, 1, "\"toRouter\":\"router-2\"");
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
        AwaitSwitch(lab, 1, "\"toPath\":\"wan-2\"");
        Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers without the address\n{lab.Log()}");

        // The routes over w1 went with the address; the endpoint sets them again by itself.
        var seen = Switches(lab);
        lab.Endpoint.Ip("address add 203.0.113.19/28 dev w1");
        AwaitSwitch(lab, seen, "\"toPath\":\"wan-1\"");
        Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers from the new address\n{lab.Log()}");
    }

    [Test]
    public void Programs_WanNotThereAtTheStartThenMadeThenMadeAnew_UsedEachTime()
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab();
        lab.Endpoint.Ip("link delete w1");
        lab.StartAll();
        Assert.That(lab.Events(lab.Endpoint).WaitFor("link-changed", Patience), Does.Contain("down").And.Contain("wan-1"), lab.Log());
        using var ipv4 = new EchoProbe(lab.Endpoint, "192.0.2.129", lab.Business, "198.51.100.10");
        Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers over the one WAN there is\n{lab.Log()}");

        for (var round = 0; round < 2; round++)
        {
            var seen = Switches(lab);
            lab.MakeWan1();
            AwaitSwitch(lab, seen, "\"toPath\":\"wan-1\"");
            Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers over the new interface, round {round}\n{lab.Log()}");
            lab.Endpoint.Ip("link delete w1");
            Assert.That(ipv4.WaitForAnswers(50, Patience), $"no answers without the interface, round {round}\n{lab.Log()}");
        }
    }

    private static int Switches(TunnelLab lab) => lab.Events(lab.Endpoint).All.Count(l => l.Contains("\"event\":\"switch-decided\"", StringComparison.Ordinal));

    /// <summary>Waits for a switch that says something; a pause of the machine may have brought others before it.</summary>
    private static void AwaitSwitch(TunnelLab lab, int seen, string said)
    {
        while (!lab.Events(lab.Endpoint).WaitFor("switch-decided", 2 * Patience, seen++).Contains(said, StringComparison.Ordinal))
        {
        }
    }
}
