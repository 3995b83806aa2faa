using System.Net;
using FailoverLab.Testing;

namespace FailoverLab.Stack.Tests;

/// <summary>What a router reports of itself, over a /proc of the test's own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MetricsReporterTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("failoverlab-proc").FullName;
    private readonly VirtualClock _clock = new();
    private readonly RouterLoad _load = new();
    private readonly HttpClient _client = new();

    public static RouterConfig Config(string? egress) => new()
    {
        ServerId = "r1",
        Name = "Router 1",
        TunnelId = 1001,
        BindAddress = IPAddress.Any,
        BindPort = 51820,
        InternalIp = "198.51.100.2",
        ExternalIp = "203.0.113.66",
        EgressInterface = egress,
        Gateways = [],
        PreSharedKey = "k",
        PeerKeys = new Dictionary<uint, string>(),
        MinVersion = 1,
        Version = 1,
        InterfaceName = "tun0",
        TunAddresses = [],
        Multiplier = 3,
        PeerTimeout = TimeSpan.FromSeconds(30),
        AllocationPools = [],
    };

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_proc, recursive: true);
    }

    [Test]
    public void Measure_EgressInterface_AllThatLeftByItSinceTheLastReport()
    {
        Traffic(eth0: 5_000_000, eth01: 7);
        using var reporter = Reporter("eth0");
        _load.Sent(1_000_000_000, 5);
        Traffic(eth0: 17_500_000, eth01: 999_999_999);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(reporter.Measure().BandwidthMbps, Is.EqualTo(10), "12.5 MB in 10 s, others' among them");
        Traffic(eth0: 30_000_000, eth01: 0);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(reporter.Measure().BandwidthMbps, Is.EqualTo(20));
        Traffic(eth0: 1000, eth01: 0);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(reporter.Measure().BandwidthMbps, Is.Zero, "made anew, its counters begin anew");
    }

    [Test]
    public void Measure_NoEgressInterfaceOrNoneOfThatName_WhatTheLoopSent([Values(null, "ppp0")] string? egress)
    {
        Traffic(eth0: 5_000_000, eth01: 7);
        using var reporter = Reporter(egress);
        _load.Sent(1_250_000, 1000);
        _load.Received();
        _load.ActiveTunnels = 3;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var metrics = reporter.Measure();
        Assert.That((metrics.BandwidthMbps, metrics.TotalTxPackets, metrics.TotalRxPackets, metrics.ActiveTunnels), Is.EqualTo((10.0, 1000L, 1L, 3)));
        Assert.That((metrics.ServerId, metrics.ServerName, metrics.InternalIp, metrics.ExternalIp), Is.EqualTo(("r1", "Router 1", "198.51.100.2", "203.0.113.66")));
        Assert.That(metrics.Timestamp, Is.EqualTo(_clock.RealtimeNs / 1e9));
    }

    [Test]
    public void Measure_ProcStatAndMeminfo_SharesSinceTheLastReport()
    {
        Write("stat", "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1\n");
        Write("meminfo", "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n");
        using var reporter = Reporter(null);
        _ = reporter.Measure();
        Write("stat", "cpu  130 10 110 820 130 0 0 0 0 0\n");
        var metrics = reporter.Measure();
        Assert.That((metrics.CpuPercent, metrics.MemoryPercent), Is.EqualTo((25.0, 75.0)), "50 of 200 ticks were neither idle nor waiting");
        File.Delete(Path.Combine(_proc, "stat"));
        Write("meminfo", "nothing");
        metrics = reporter.Measure();
        Assert.That((metrics.CpuPercent, metrics.MemoryPercent), Is.EqualTo((0.0, 0.0)), "what cannot be read");
    }

    private MetricsReporter Reporter(string? egress) => new(_client, Config(egress), _load, new SystemLoad(_proc), _clock, Assert.Fail);

    private void Traffic(long eth0, long eth01) => Write("net/dev", $"""
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:   12345     67    0    0    0     0          0         0   12345      67    0    0    0     0       0          0
         eth01:      1       1    0    0    0     0          0         0 {eth01}       1    0    0    0     0       0          0
          eth0: 99999999   888    0    0    0     0          0         0 {eth0}     777    0    0    0     0       0          0
        """);

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_proc, file))!);
        File.WriteAllText(Path.Combine(_proc, file), text);
    }
}
