namespace FailoverLab.Linux.Tests;

internal sealed class LinkMonitorTests
{
    [Test]
    public void TryRead_PeerGoesDownAndUp_TellsCarrierLostAndBack()
    {
        using var network = PrivateNetwork.WithVeth();
        using var monitor = network.Namespace.Run(LinkMonitor.Open);
        network.Namespace.Run(() => InterfaceControl.SetDown("b"));
        Assert.That(WaitFor(monitor, new LinkEvent("a", IsUp: true, HasCarrier: false, IsGone: false)), Is.True);
        network.Namespace.Run(() => InterfaceControl.SetUp("b"));
        Assert.That(WaitFor(monitor, new LinkEvent("a", IsUp: true, HasCarrier: true, IsGone: false)), Is.True);
    }

    [Test]
    public void TryRead_InterfaceDeleted_TellsItIsGone()
    {
        using var network = PrivateNetwork.WithVeth();
        using var monitor = network.Namespace.Run(LinkMonitor.Open);
        network.Ip("link del dev a");
        Assert.That(WaitFor(monitor, new LinkEvent("b", IsUp: false, HasCarrier: false, IsGone: true)), Is.True);
    }

    private static bool WaitFor(LinkMonitor monitor, LinkEvent expected)
    {
        var set = new PollSet(monitor);
        var deadline = SystemClock.Shared.MonotonicNs + 3_000_000_000;
        while (SystemClock.Shared.MonotonicNs < deadline)
        {
            while (monitor.TryRead(out var change))
            {
                if (change == expected)
                {
                    return true;
                }
            }

            set.Wait(deadline);
        }

        return false;
    }
}
