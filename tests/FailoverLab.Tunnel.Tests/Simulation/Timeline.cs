using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// What happens in one run of the simulated world. Its text (<see cref="ToString"/>) is the whole of it, so a failing one can be pasted as a test case:
/// <c>seed; mode; priority|score; balancer|fixed; 120 Cut 0 0; 900 Heal 0 0</c>.
/// </summary>
/// <param name="Seed">Seed of the links' loss and jitter.</param>
/// <param name="Mode">How data is carried.</param>
/// <param name="ByScore">Whether measures decide.</param>
/// <param name="FollowBalancer">Whether the balancer's word counts.</param>
/// <param name="Disturbances">In order of time.</param>
internal sealed record Timeline(ulong Seed, DataMode Mode, bool ByScore, bool FollowBalancer, IReadOnlyList<Disturbance> Disturbances)
{
    private const string Score = "score";
    private const string Balancer = "balancer";

    /// <summary>Version of the tunnel; not in the text, for the same timelines serve both.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When it ends: time to heal behind the last disturbance.</summary>
    public int EndMs => (Disturbances.Count == 0 ? 0 : Disturbances[^1].AtMs) + 2300;

    public static Timeline Draw(ulong seed)
    {
        var random = new SeededRandom(seed);
        var mode = (DataMode)random.Next(5);
        var disturbances = new List<Disturbance>();
        var at = 200;
        var count = 1 + random.Next(6);
        for (var i = 0; i < count; i++)
        {
            at += random.Next(3) == 0 ? random.Next(2500) : random.Next(500);
            var drawn = DrawOne(random, at);

            // Version 1 tells a restart by its time: one that begins behind its peers' clocks is not heard until it has caught up (docs/TUNNEL.md).
            // One step back is bridged, two are more than the bridge is long.
            var isLate = drawn.Kind is DisturbanceKind.Kill or DisturbanceKind.Start or DisturbanceKind.Restart or DisturbanceKind.ClockJump && disturbances.Exists(d => d.Kind == DisturbanceKind.ClockJump);
            disturbances.Add(isLate ? drawn with { Kind = DisturbanceKind.Heal } : drawn);
        }

        return new Timeline(seed, mode, random.Next(4) == 0, random.Next(3) == 0, disturbances);
    }

    public static Timeline Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new Timeline(
            ulong.Parse(parts[0], CultureInfo.InvariantCulture),
            Enum.Parse<DataMode>(parts[1]),
            parts[2] == Score,
            parts[3] == Balancer,
            [.. parts.Skip(4).Select(Disturbance.Parse)]);
    }

    public override string ToString() => string.Join("; ", (IEnumerable<string>)
    [
        Seed.ToString(CultureInfo.InvariantCulture), Mode.ToString(), ByScore ? Score : "priority", FollowBalancer ? Balancer : "fixed",
        .. Disturbances.Select(d => d.ToString()),
    ]);

    private static Disturbance DrawOne(SeededRandom random, int at)
    {
        var kind = (DisturbanceKind)random.Next(Enum.GetValues<DisturbanceKind>().Length);
        var (targets, amount) = kind switch
        {
            DisturbanceKind.Loss => (TunnelWorld.Paths, 20 + random.Next(50)),
            DisturbanceKind.Delay => (TunnelWorld.Paths, 30 + random.Next(150)),
            DisturbanceKind.Copies => (TunnelWorld.Paths, 1 + random.Next(50)),
            DisturbanceKind.Kill or DisturbanceKind.Start or DisturbanceKind.Balancer => (TunnelWorld.Routers, 0),
            DisturbanceKind.Restart => (1, 0),
            DisturbanceKind.ClockJump => (1 + TunnelWorld.Routers, random.Next(50) - 25),
            DisturbanceKind.Pause => (1 + TunnelWorld.Routers, 5 + random.Next(150)),
            DisturbanceKind.LoseAcks or DisturbanceKind.LoseActivations => (1, 1 + random.Next(5)),
            DisturbanceKind.Partition => (1, random.Next(2)),
            DisturbanceKind.Replay => (1, 20 + random.Next(60)),
            _ => (TunnelWorld.Paths, 0),
        };
        return new Disturbance(at, kind, random.Next(targets), amount);
    }
}
