using FailoverLab.Primitives;
using FailoverLab.Services;
using FailoverLab.Stack;
using FailoverLab.Yaml;

namespace FailoverLab.Cli;

/// <summary>Checks the config files of the failover stack's four programs; tells by its sections which of them a file is.</summary>
internal static class StackFileCheck
{
    /// <summary>The program a file is for; <see langword="null"/> when it is none of theirs, or no mapping.</summary>
    /// <param name="path">Path as the person gave it.</param>
    public static string? ProgramOf(string path)
    {
        if (YamlReader.ReadFile(path, new DiagnosticBag()) is not YamlMapping root)
        {
            return null;
        }

        if (root.TryGet("controller", out _) || root.TryGet("ip_allocation", out _))
        {
            return "controller";
        }

        if (root.TryGet("endpoint", out _) || (root.TryGet("routers", out _) && root.TryGet("tunnel", out _)))
        {
            return "endpoint";
        }

        if (root.TryGet("algorithm", out _) || root.TryGet("business_server", out _))
        {
            return "balancer";
        }

        // A router and a balancer both have 'server'; a router also has a tunnel.
        return root.TryGet("server", out _) ? root.TryGet("tunnel", out _) ? "router" : "balancer" : null;
    }

    /// <summary>Reads a file as its program would; every fault goes to the bag.</summary>
    /// <returns>One line about what it says; <see langword="null"/> when the program could not be started with it.</returns>
    public static string? Read(string program, string path, DiagnosticBag bag) => program switch
    {
        "endpoint" => EndpointConfigReader.Read(path, bag) is { } c ? $"endpoint {c.EndpointId}: {c.Wans.Count} WANs, {c.Routers.Count} routers, {c.Routes.Count} routes" : null,
        "router" => RouterConfigReader.Read(path, bag) is { } c ? $"router {c.ServerId}: UDP port {c.BindPort}" : null,
        "balancer" => BalancerConfigReader.Read(path, bag) is { } c ? $"balancer: {Describe(c.Service)}" : null,
        _ => ControllerConfigReader.Read(path, bag) is { } c ? $"controller: {Describe(c.Service)}" : null,
    };

    private static string Describe(ServiceConfig service) =>
        $"{(service.Tls is null ? "http" : "https")}://{service.EndPoint}, {service.Access.Tokens.Count} tokens, state {(service.StatePath is { } path ? $"in {path}" : "in memory")}";
}
