using FailoverLab.Tunnel;
using FailoverLab.Yaml;

namespace FailoverLab.Stack;

/// <summary>Reads the keys that say how an endpoint chooses tunnels and carries its data. All of them are ours.</summary>
internal static class PolicyConfigReader
{
    private const string Priority = "priority";
    private const string Score = "score";
    private static readonly string[] Names = [Priority, Score, "duplicate", "adaptive", "replay", "weighted"];
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Reads <c>endpoint.policy</c> and the keys of the tunnel section that belong to it.</summary>
    public static PolicyConfig Read(MappingReader? endpoint, MappingReader? tunnel)
    {
        var defaults = new PolicyConfig();
        var policy = endpoint?.Optional("policy").OneOf(Names) ?? Priority;
        if (tunnel is null)
        {
            return defaults;
        }

        var standby = tunnel.Optional("standby_multiple").WholeNumber(1, 100) ?? defaults.Pacing.StandbyMultiple;
        var idle = StackValues.Seconds(tunnel.Optional("idle_after"), TimeSpan.FromSeconds(1), Hour) ?? defaults.Pacing.IdleAfter;
        return new PolicyConfig
        {
            ByScore = policy == Score,
            Mode = policy is Priority or Score ? DataMode.Plain : Enum.Parse<DataMode>(policy, ignoreCase: true),
            HoldTime = StackValues.Seconds(tunnel.Optional("hold_time"), TimeSpan.Zero, Hour) ?? defaults.HoldTime,
            DeadBand = tunnel.Optional("dead_band").Ratio()?.Value ?? defaults.DeadBand,
            Dampening = Dampening(tunnel),
            ReplayWindow = StackValues.Seconds(tunnel.Optional("replay_window"), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(5)) ?? defaults.ReplayWindow,
            Pacing = new KeepalivePacing((int)standby, idle),
        };
    }

    private static FlapDampening Dampening(MappingReader tunnel)
    {
        var defaults = FlapDampening.Default;
        if (tunnel.Optional("dampening").Mapping("the dampening section") is not { } section)
        {
            return defaults;
        }

        var enabled = section.Optional("enabled").Flag() ?? true;
        var suppress = section.Optional("suppress").Number(1, 100) ?? defaults.Suppress;
        var reuseKey = section.Optional("reuse");
        var rules = new FlapDampening(
            StackValues.Seconds(section.Optional("half_life"), TimeSpan.FromMilliseconds(100), Hour) ?? defaults.HalfLife,
            suppress,
            reuseKey.Number(0.1, 100) ?? Math.Min(defaults.Reuse, suppress / 2),
            StackValues.Seconds(section.Optional("longest"), TimeSpan.Zero, Hour) ?? defaults.Longest);
        if (rules.Reuse >= rules.Suppress)
        {
            reuseKey.Error(StackCodes.Incomplete, FormattableString.Invariant($"'reuse' is {rules.Reuse} but must be below 'suppress', {rules.Suppress}"));
        }

        section.Finish();
        return enabled ? rules : FlapDampening.Off;
    }
}
