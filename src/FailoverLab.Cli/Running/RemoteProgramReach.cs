using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>
/// Holds traffic and stack steps of hosts over ssh, and links that are emulated there, against what can be put there: our own program does it, which must be one file and
/// must be wanted. Asks no host.
/// </summary>
internal static class RemoteProgramReach
{
    /// <summary>Code of a step that needs our program on a host where it cannot be; docs/SCENARIOS.md gives cause and cure.</summary>
    public const string Code = "FL1148";

    /// <summary>This program where it was published as one file, which runs on other hosts too; absent in a build beside its libraries.</summary>
    public static string? SingleFile =>
        Environment.ProcessPath is { } path && !File.Exists(Path.Combine(AppContext.BaseDirectory, "FailoverLab.dll")) && Path.GetFileName(path) != "dotnet" ? path : null;

    /// <summary>Hosts over ssh on which steps of a plan run our program.</summary>
    public static IReadOnlySet<string> Hosts(RunPlan plan) => plan.Steps.SelectMany(s => Runners(plan, s)).Where(h => IsOverSsh(plan, h)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Reports steps that cannot be, each host once.</summary>
    /// <param name="plan">The run; it may have faults of its own.</param>
    /// <param name="bag">Takes them.</param>
    /// <param name="singleFile">This program as one file; <see langword="null"/> when it is none.</param>
    public static void Check(RunPlan plan, DiagnosticBag bag, string? singleFile)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (step, host) in plan.Steps.SelectMany(s => Runners(plan, s).Select(h => (s, h))).Where(r => IsOverSsh(plan, r.h)))
        {
            var ssh = plan.Hosts.First(h => h.Name == host).Ssh ?? SshPlan.Alias;
            if (Fault(ssh, singleFile) is var (fault, hint) && told.Add(host))
            {
                bag.Error(Code, step.Position, $"traffic, the stack and emulated links are performed on '{host}' by our own program, and {fault}", hint);
            }
        }
    }

    private static (string Fault, string Hint)? Fault(SshPlan ssh, string? singleFile) => ssh switch
    {
        { Agent: AgentUse.No } => ("the hosts file forbids it there", "take 'agent: no' away, or start programs of that host with 'run' steps"),
        { AgentFile: { } file } => File.Exists(file) ? null : ($"'{file}' is not there", "correct 'agent_file'"),
        _ => singleFile is not null ? null : ("this one is a build beside its libraries, which cannot be copied",
            "publish it (`dotnet publish FailoverLab.csproj -c Release -r linux-x64 -o out`) and run out/FailoverLab, or name such a file with 'agent_file' in the hosts file"),
    };

    private static IEnumerable<string> Runners(RunPlan plan, StepPlan step) => step.Action switch
    {
        TrafficStart start => start.Flows.SelectMany(f => new[] { f.From, f.To }).Distinct(),
        StackStart or StackKill => [step.Host],
        LinkChangeStep change => plan.Links.Where(l => l.Name == change.Link && l.Driver == LinkDriver.Emulator).Select(l => l.Host),
        _ => [],
    };

    private static bool IsOverSsh(RunPlan plan, string host) => plan.Hosts.Any(h => h.Name == host && h.Transport == HostTransport.Ssh);
}
