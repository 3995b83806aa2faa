using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Stack.Tests;

/// <summary>Forged datagrams at the real router, from its own network, beside good traffic through it.</summary>
[NonParallelizable]
public sealed class RouterFloodTests
{
    private const int PerSecond = 100_000;
    private const int Seconds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly DatagramAddress Router = DatagramAddress.From(IPEndPoint.Parse("203.0.113.66:51820"));

    [Test]
    public void Router_FloodOfForgedDatagrams_GoodTrafficPassesNothingAnsweredMemoryFlat([Values(1, 2)] int version)
    {
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Ignore("needs /dev/net/tun");
        }

        using var lab = new TunnelLab(version);
        lab.StartAll();
        using var ipv4 = new EchoProbe(lab.Endpoint, "192.0.2.129", lab.Business, "198.51.100.10");
        using var ipv6 = new EchoProbe(lab.Endpoint, "2001:db8:f::11", lab.Business, "2001:db8:300::10");
        Assert.That(ipv4.WaitForAnswers(500, Patience) && ipv6.WaitForAnswers(500, Patience), $"no traffic\n{lab.Log()}");

        var epoch = version == 2 ? EpochOf(lab) : 0;
        using var attacker = lab.Hub.Namespace.Run(() => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("203.0.113.65"), 0)));
        Strike(attacker, epoch, TimeSpan.FromMilliseconds(300), out _);
        var before = (Sent: ipv4.Sent + ipv6.Sent, Received: ipv4.Received + ipv6.Received, Memory: Memory());
        var forged = Strike(attacker, epoch, TimeSpan.FromSeconds(Seconds), out var took);
        var sent = ipv4.Sent + ipv6.Sent - before.Sent;
        Assert.That(ipv4.WaitForAnswers(50, Patience) && ipv6.WaitForAnswers(50, Patience), $"no traffic after the flood\n{lab.Log()}");
        var lost = Math.Max(0, sent - (ipv4.Received + ipv6.Received - before.Received - 100));
        var grown = Memory() - before.Memory;
        var answers = Answers(attacker);
        lab.Stop(lab.Router1);
        var refused = lab.Events(lab.Router1).WaitFor("stopped", Patience);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"version {version}: {forged / took.TotalSeconds:0} forged/s beside {sent / took.TotalSeconds:0} good/s for {took.TotalSeconds:0.0} s: {lost} good lost ({100.0 * lost / sent:0.00} %), {grown >> 10} KiB grown, {answers} answers\n{refused}"));

        Assert.That(answers, Is.Zero, "nothing is answered");
        Assert.That(lost, Is.LessThan(sent * 0.005), "good packets lost");
        Assert.That(grown, Is.LessThan(24 << 20), "bytes of memory grown");
    }

    /// <summary>The nastiest epoch is the one in use: anything else is refused before any cipher runs.</summary>
    private static byte EpochOf(TunnelLab lab)
    {
        var line = lab.Events(lab.Router1).All.Last(l => l.Contains("\"keys-agreed\"", StringComparison.Ordinal) && l.Contains("tunnel 100:", StringComparison.Ordinal));
        return byte.Parse(line.Split("epoch ")[1].Split('"')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int Strike(UdpSocket attacker, int epoch, TimeSpan length, out TimeSpan took)
    {
        var random = new SeededRandom(1);
        var datagram = new byte[300];
        var start = Stopwatch.GetTimestamp();
        var sent = 0;
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < length)
        {
            for (; sent < elapsed.TotalSeconds * PerSecond; sent++)
            {
                attacker.Send(datagram.AsSpan(0, Forge(random, datagram, epoch)), Router);
            }

            // The bulk of a batch was due already; the machine is needed by those under test.
            Thread.Yield();
        }

        took = Stopwatch.GetElapsedTime(start);
        return sent;
    }

    /// <summary>By turns: data of version 2 and of version 1 on a living tunnel, a HELLO, and noise.</summary>
    private static int Forge(SeededRandom random, byte[] datagram, int epoch)
    {
        BinaryPrimitives.WriteUInt64BigEndian(datagram.AsSpan(16), random.NextUInt64());
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), 100);
        switch (random.Next(4))
        {
            case 0:
                (datagram[0], datagram[1], datagram[2], datagram[3]) = (2, 1, 0, (byte)epoch);
                BinaryPrimitives.WriteUInt64BigEndian(datagram.AsSpan(8), (1UL << 40) + (ulong)random.Next(1 << 30));
                return 132;
            case 1:
                (datagram[0], datagram[1], datagram[2], datagram[3]) = (1, 1, 0, 0);
                BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), (uint)random.Next(1 << 30));
                BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(12), unchecked((uint)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
                return 132;
            case 2:
                (datagram[0], datagram[1], datagram[2], datagram[3]) = (2, 12, 3, (byte)random.Next(256));
                BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), (uint)random.NextUInt64());
                return 128;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(datagram, random.NextUInt64());
                return random.Next(300);
        }
    }

    private static int Answers(UdpSocket attacker)
    {
        var (buffer, count) = (new byte[2048], 0);
        while (attacker.TryReceive(buffer, out _, out _))
        {
            count++;
        }

        return count;
    }

    /// <summary>What the process holds after a collection: the programs run within it.</summary>
    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
