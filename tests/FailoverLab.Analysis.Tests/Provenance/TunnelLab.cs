using System.Buffers.Binary;
using System.Net;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Analysis.Tests;

/// <summary>
/// A probe flow between two sites over three paths: readable at its ends, and on the paths either in a WireGuard tunnel per path, with other
/// traffic in it, or readable. In the middle the first path dies, and some time later traffic goes over the second.
/// </summary>
internal sealed class TunnelLab(ulong seed)
{
    public const long Ms = 1_000_000;
    public const long DeadNs = SyntheticLab.T0 + (8_000 * Ms) + 300_000;
    public const long MovedNs = DeadNs + (250 * Ms);
    private const uint FlowId = 1;

    private readonly SeededRandom _random = new(seed);
    private readonly SeededRandom _noise = new(seed + 1000);
    private readonly CaptureBuilder _captures = new CaptureBuilder().Declare(["traffic.lan", "business.core0", .. SyntheticLab.Paths.Select(p => p.SitePoint), .. SyntheticLab.Paths.Select(p => p.FarPoint!)]);
    private readonly uint[] _counters = new uint[3];

    public bool IsEncrypted { get; init; } = true;

    public bool IsCoded { get; init; } = true;

    public double Loss { get; init; } = 0.02;

    public int Threads { get; init; } = 2;

    /// <summary>Probes that each path carried.</summary>
    public int[] Carried { get; } = new int[3];

    public RunResult Analyze()
    {
        for (var i = 0; i < 15_000; i++) Send((ulong)i);
        for (var path = 0; IsEncrypted && path < 3; path++) AddOthers(path);
        return _captures.Analyze(new AnalysisContext { Flows = [SyntheticLab.Up], Paths = SyntheticLab.Paths, Threads = Threads });
    }

    private void Send(ulong number)
    {
        var sent = SyntheticLab.T0 + ((long)number * Ms) + _random.Next(20_000);
        var header = new ProbeHeader(FlowId, number, sent, 0);
        var size = IsCoded ? ProbeSizeCode.PayloadSize(FlowId, number) : 200;
        var plain = FrameBuilder.Probe(header, payloadSize: size);
        _captures.Add("traffic.lan", sent, plain);
        var entry = sent + 50_000 + _random.Next(60_000);
        var path = entry < MovedNs ? 0 : 1;
        var (isLost, delay) = (_random.NextDouble() < Loss, 20 * Ms + (5 * Ms * path) + _random.Next(600_000));
        Carried[path]++;
        var frame = IsEncrypted ? Encrypted(path, plain.Length - 14, up: true) : plain;
        _captures.Add(SyntheticLab.Paths[path].SitePoint, entry, frame);
        if (isLost || (path == 0 && entry >= DeadNs)) return;
        _captures.Add(SyntheticLab.Paths[path].FarPoint!, entry + delay, frame);
        _captures.Add("business.core0", entry + delay + 40_000 + _random.Next(30_000), plain);
    }

    // Other traffic of the tunnel both ways, and another tunnel.
    private void AddOthers(int path)
    {
        for (var at = SyntheticLab.T0 - (100 * Ms); at < SyntheticLab.T0 + (15_500 * Ms); at += 200_000 + _random.Next(2 * (int)Ms))
        {
            var up = _random.NextDouble() < 0.5;
            var inner = _random.NextDouble() < 0.5 ? 1400 : 40 + _random.Next(600);
            var frame = _random.NextDouble() < 0.8 ? Encrypted(path, inner, up) : Foreign(inner);
            var (first, second) = up ? (SyntheticLab.Paths[path].SitePoint, SyntheticLab.Paths[path].FarPoint!) : (SyntheticLab.Paths[path].FarPoint!, SyntheticLab.Paths[path].SitePoint);
            _captures.Add(first, at, frame);
            if (path != 0 || at < DeadNs) _captures.Add(second, at + (20 * Ms), frame);
        }
    }

    private byte[] Encrypted(int path, int inner, bool up)
    {
        var payload = new byte[16 + ((inner + 15) / 16 * 16) + 16];
        payload[0] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), (uint)(0x5EED0000 + path));
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(8), _counters[path]++);
        for (var i = 16; i < payload.Length; i += 8) BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(i), _noise.NextUInt64());
        var (site, far) = (IPAddress.Parse($"203.0.113.{2 + path}"), IPAddress.Parse("203.0.113.66"));
        return FrameBuilder.Ethernet(false, up ? FrameBuilder.Ip(site, far, FrameBuilder.Udp(51830, 51830, payload)) : FrameBuilder.Ip(far, site, FrameBuilder.Udp(51830, 51830, payload)));
    }

    private byte[] Foreign(int inner)
    {
        var payload = new byte[inner];
        for (var i = 0; i + 8 <= payload.Length; i += 8) BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(i), _noise.NextUInt64() & 0x7F7F_7F7F_7F7F_7F7F);
        return FrameBuilder.Ethernet(false, FrameBuilder.Ip(IPAddress.Parse("203.0.113.9"), IPAddress.Parse("203.0.113.77"), FrameBuilder.Udp(4500, 4500, payload)));
    }
}
