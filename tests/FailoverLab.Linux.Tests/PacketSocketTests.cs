using FailoverLab.Dataplane;

namespace FailoverLab.Linux.Tests;

internal sealed class PacketSocketTests
{
    [Test]
    public void Write_OneEnd_ArrivesAtTheOtherOnly()
    {
        using var network = PrivateNetwork.WithVeth();
        using var a = network.Namespace.Run(() => PacketSocket.Open("a", TestFrames.EtherType));
        using var b = network.Namespace.Run(() => PacketSocket.Open("b", TestFrames.EtherType));
        var before = SystemClock.Shared.RealtimeNs;
        Assert.That(a.Write(TestFrames.Make(7)), Is.EqualTo(SendOutcome.Sent));
        Assert.That(new PollSet(b).Wait(TestFrames.Soon()), Is.True);
        Assert.That(b.TryRead(out var frame, out var stamp), Is.True);
        var after = SystemClock.Shared.RealtimeNs;
        Assert.That((TestFrames.Number(frame), frame.Length), Is.EqualTo((7, 100)));
        Assert.That(stamp, Is.InRange(before, after));
        Assert.That(a.TryRead(out _, out _), Is.False);
    }

    [Test]
    public void AppendAndFlush_ManyFrames_KeepOrderAndAllocateNothing()
    {
        using var network = PrivateNetwork.WithVeth();
        using var a = network.Namespace.Run(() => PacketSocket.Open("a", TestFrames.EtherType));
        using var b = network.Namespace.Run(() => PacketSocket.Open("b", TestFrames.EtherType));
        var frame = TestFrames.Make(0);
        var (sent, expected, lost) = (0, 0, 0);
        Exchange(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
        {
            Exchange(100);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That((expected, lost), Is.EqualTo((2001, 0)));

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                TestFrames.SetNumber(frame, sent++);
                lost += a.Append(frame);
            }

            lost += a.Flush();
            while (b.TryRead(out var received, out _))
            {
                expected += TestFrames.Number(received) == expected ? 1 : 0;
            }
        }
    }

    [Test]
    public void Read_InterfaceDownAndUp_ReportsOnceAndWorksAgain()
    {
        using var network = PrivateNetwork.WithVeth();
        using var a = network.Namespace.Run(() => PacketSocket.Open("a", TestFrames.EtherType));
        using var b = network.Namespace.Run(() => PacketSocket.Open("b", TestFrames.EtherType));
        var set = new PollSet(b);
        network.Namespace.Run(() => InterfaceControl.SetDown("b"));
        Assert.That(set.Wait(TestFrames.Soon()), Is.True);
        Assert.That((b.TryRead(out _, out _), b.DownCount, b.IsGone), Is.EqualTo((false, 1, false)));
        Assert.That((set.Wait(0), b.TryRead(out _, out _), b.DownCount), Is.EqualTo((false, false, 1)));
        Assert.That(b.Write(TestFrames.Make(1)), Is.EqualTo(SendOutcome.Unreachable));

        network.Namespace.Run(() => InterfaceControl.SetUp("b"));
        Assert.That(a.Write(TestFrames.Make(2)), Is.EqualTo(SendOutcome.Sent));
        Assert.That(set.Wait(TestFrames.Soon()), Is.True);
        Assert.That(b.TryRead(out var frame, out _), Is.True);
        Assert.That(TestFrames.Number(frame), Is.EqualTo(2));
    }

    [Test]
    public void Read_InterfaceDeleted_IsGone()
    {
        using var network = PrivateNetwork.WithVeth();
        using var a = network.Namespace.Run(() => PacketSocket.Open("a"));
        network.Ip("link del dev b");
        Assert.That(a.TryRead(out _, out _), Is.False);
        Assert.That(a.IsGone, Is.True);
        Assert.That(a.Write(TestFrames.Make(1)), Is.EqualTo(SendOutcome.Unreachable));
    }

    [Test]
    public void Open_NoSuchInterface_SaysWhatToDo()
    {
        using var network = new PrivateNetwork();
        var refused = Assert.Throws<LinuxException>(() => network.Namespace.Run(() => PacketSocket.Open("nowhere0")));
        Assert.That(refused.Message, Does.Contain("nowhere0").And.Contain("ip link"));
    }
}
