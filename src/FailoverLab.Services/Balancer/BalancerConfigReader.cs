using FailoverLab.Control;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Services;

/// <summary>Reads <c>load_balancer.yaml</c>: the original's keys as printed there, and ours beside them.</summary>
public static class BalancerConfigReader
{
    private const double Day = 86_400;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path as the person gave it.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The configuration, or <see langword="null"/> when a fault forbids starting.</returns>
    public static BalancerConfig? Read(string path, DiagnosticBag bag)
    {
        if (MappingReader.Open(YamlReader.ReadFile(path, bag), bag, "the balancer's config") is not { } root)
        {
            return null;
        }

        var listen = ListenReader.Read(root.Require("server"), "the server section", 8080);
        var rules = Rules(root, bag);
        string? business = null;
        if (root.Optional("business_server").Mapping("the business_server section") is { } section)
        {
            business = section.Require("ip").Address()?.ToString();
            section.Finish();
        }

        var access = AccessRules.None;
        if (root.Optional("security").Mapping("the security section") is { } security)
        {
            access = SecurityReader.Access(security);
            security.Finish();
        }

        var tls = SecurityReader.Tls(root);
        root.Finish();
        if (bag.HasErrors || listen is not { } place)
        {
            return null;
        }

        var service = new ServiceConfig(place.EndPoint, place.State, access, tls);
        SecurityReader.Advise(root, service, bag);
        return new BalancerConfig(service, rules, business);
    }

    private static BalancerRules Rules(MappingReader root, DiagnosticBag bag)
    {
        var rules = BalancerRules.Default;
        if (root.Optional("algorithm").Mapping("the algorithm section") is not { } algorithm)
        {
            return rules;
        }

        var weights = Weights(algorithm, bag) with
        {
            MaxBandwidthMbps = algorithm.Optional("max_bandwidth_mbps").Number(0.001, 1e9) ?? 1000,
            MaxConnections = (int)(algorithm.Optional("max_connections").WholeNumber(1, 1_000_000) ?? 100),
        };
        rules = new BalancerRules(
            weights,
            algorithm.Optional("anti_flap_threshold").Number(0, 1) ?? rules.Threshold,
            Seconds(algorithm, "anti_flap_hold_time", rules.HoldTime),
            Seconds(algorithm, "metrics_ttl", rules.MetricsTtl));
        algorithm.Finish();
        return rules;
    }

    private static ScoreWeights Weights(MappingReader algorithm, DiagnosticBag bag)
    {
        var defaults = ScoreWeights.Default;
        if (algorithm.Optional("weights").Mapping("the weights") is not { } section)
        {
            return defaults;
        }

        var weights = defaults with
        {
            Cpu = section.Optional("cpu").Number(0, 1) ?? defaults.Cpu,
            Memory = section.Optional("memory").Number(0, 1) ?? defaults.Memory,
            Bandwidth = section.Optional("bandwidth").Number(0, 1) ?? defaults.Bandwidth,
            Connections = section.Optional("connections").Number(0, 1) ?? defaults.Connections,
        };
        section.Finish();
        var sum = weights.Cpu + weights.Memory + weights.Bandwidth + weights.Connections;
        if (Math.Abs(sum - 1) > 0.001)
        {
            bag.Warning(ServiceCodes.Weights, section.Position, FormattableString.Invariant($"the weights sum to {sum:0.###}, not 1: scores do not lie in 0..1"));
        }

        return weights;
    }

    private static TimeSpan Seconds(MappingReader section, string key, TimeSpan absent) =>
        section.Optional(key).Number(0, Day) is { } seconds ? TimeSpan.FromSeconds(seconds) : absent;
}
