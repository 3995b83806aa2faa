using System.Globalization;
using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>
/// Reads plans of the older form, as they are: a name and jobs, each a list of commands for one host after so many seconds,
/// minutes and hours. A host that is not in the hosts file is an alias of the person's ssh_config.
/// </summary>
internal sealed class SeedPlanReader(Inventory inventory, DiagnosticBag bag)
{
    private static readonly TimeSpan Tail = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan JobTimeout = TimeSpan.FromHours(24);
    private readonly PlanBuilder _plan = new(bag);
    private readonly Dictionary<string, HostPlan> _aliases = new(StringComparer.Ordinal);

    /// <summary>Whether a file has the older form.</summary>
    public static bool IsSeedPlan(YamlNode? root) => root is YamlMapping mapping && mapping.TryGet("jobs", out _) && !mapping.TryGet("steps", out _);

    public RunPlan? Read(YamlNode? root, ScenarioOverrides overrides)
    {
        if (MappingReader.Open(root, bag, "the plan") is not { } reader)
        {
            return null;
        }
        var name = reader.Require("name").Text() ?? "";
        var jobs = reader.Require("jobs");
        reader.Finish();
        var number = 0;
        foreach (var job in jobs.Items())
        {
            Job(job, ++number);
        }
        if (jobs.Node is YamlSequence { Items.Count: 0 })
        {
            jobs.Error(ScenarioCodes.EmptyList, "the plan has no jobs");
        }
        var hosts = _plan.Steps.Select(s => s.Host).Distinct().Select(h => inventory.Host(h) ?? _aliases[h]).ToList();
        return new RunPlan
        {
            Scenario = Slug(name),
            Description = name.ReplaceLineEndings(" "),
            Duration = (_plan.Steps.Count == 0 ? TimeSpan.Zero : _plan.Steps[^1].At) + Tail,
            Seed = overrides.Seed ?? 1,
            Topology = hosts.Any(h => h.Transport == HostTransport.Netns) ? inventory.Topology : null,
            Hosts = hosts,
            Links = inventory.RealLinks,
            Pve = inventory.Pve,
            Steps = _plan.Steps,
            Expectations = [],
        };
    }

    private void Job(ValueReader value, int number)
    {
        if (value.Mapping("a job") is not { } job)
        {
            return;
        }
        var host = Host(job.Require("host"));
        var seconds = job.Require("run_after_sec").WholeNumber(0, 86_400);
        var minutes = job.Require("run_after_min").WholeNumber(0, 1_440);
        var hours = job.Require("run_after_hr").WholeNumber(0, 24);
        var workdir = job.Optional("workdir").Text(IsLine, "a directory name on one line");
        var logfile = job.Optional("logfile").Text(IsLine, "a file name on one line");
        var copies = job.Optional("cp_files").Items().Select(Copy).OfType<string>().ToList();
        var environment = CommandReader.Variables(job.Optional("env"));
        var commands = job.Require("commands");
        var lines = commands.Items().Select(c => c.Text(t => !t.Contains('\0', StringComparison.Ordinal), "text for the shell")).OfType<string>().ToList();
        if (commands.Node is YamlSequence { Items.Count: 0 })
        {
            commands.Error(ScenarioCodes.EmptyList, "the job has no commands");
        }
        job.Finish();
        if (host is null || seconds is null || minutes is null || hours is null)
        {
            return;
        }
        // A remote host has them put into a directory of its own first, numbered in order.
        var sources = host.Transport == HostTransport.Ssh
            ? copies.Select((c, i) => $"\"$FAILOVERLAB_FILES\"/{i}/{Quote(Path.GetFileName(c))}")
            : copies.Select(Quote);
        var at = TimeSpan.FromSeconds(seconds.Value + (60 * minutes.Value) + (3600 * hours.Value));
        var script = Script(workdir, logfile, (long)at.TotalSeconds, [.. sources], lines);
        var action = new RunCommand(InBash(script), JobTimeout, environment) { CopiedFiles = host.Transport == HostTransport.Ssh ? copies : [] };
        var draft = new StepDraft(number, "run", null, at, new ValueReader(null, job.Position, bag, "'hosts'"), job.Position);
        _plan.Add(draft, [new StepEntry(host.Name, host.Name, action, CommandReader.Literal(script, environment), "")]);
    }

    private HostPlan? Host(ValueReader value)
    {
        if (value.Text(NameForm.IsHost, NameForm.HostWords) is not { } name)
        {
            return null;
        }
        if (inventory.Host(name) is { } known)
        {
            return known;
        }
        return _aliases.TryGetValue(name, out var alias) ? alias : _aliases[name] = new HostPlan(name, HostTransport.Ssh, "") { Ssh = inventory.Ssh.ToPlan() };
    }

    /// <summary>Absolute path of a file to copy; the plan names it relative to itself.</summary>
    private static string? Copy(ValueReader value)
    {
        if (value.Text(IsLine, "a file name on one line") is not { } name)
        {
            return null;
        }
        var path = Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(value.Position.File)) ?? "/");
        if (!File.Exists(path))
        {
            value.Error(ScenarioCodes.MissingCopy, $"the file to copy, '{name}', is not there", "its name is relative to the plan's own directory");
            return null;
        }
        return path;
    }

    /// <summary>Jobs were written for bash; where it is not there, the shell that is has to do.</summary>
    private static string InBash(string script) => $"exec \"$(command -v bash || command -v sh)\" -c {Quote(script)}";

    private static string Script(string? workdir, string? logfile, long afterSeconds, IReadOnlyList<string> copies, IReadOnlyList<string> commands)
    {
        var script = new StringBuilder("set -e\n");
        if (workdir is not null)
        {
            script.Append("mkdir -p -- ").Append(Quote(workdir)).Append("\ncd -- ").Append(Quote(workdir)).Append('\n');
        }
        if (logfile is not null)
        {
            // The name carries the start of the plan, the same in every job, so that a second run does not write over the first.
            script.Append("exec >> ").Append(Quote(logfile)).Append(CultureInfo.InvariantCulture, $".\"$(($(date +%s) - {afterSeconds}))\" 2>&1\n");
        }
        foreach (var copy in copies)
        {
            script.Append("cp -- ").Append(copy).Append(" .\n");
        }
        return script.AppendJoin('\n', commands.Select(c => c.TrimEnd('\n'))).ToString();
    }

    /// <summary>One shell word; a leading <c>~/</c> still means the home directory.</summary>
    private static string Quote(string text) => text.StartsWith("~/", StringComparison.Ordinal)
        ? "\"$HOME\"/" + Quote(text[2..])
        : "'" + text.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    private static bool IsLine(string text) => text.Length <= 4096 && !text.AsSpan().ContainsAnyInRange('\0', '\u001F');

    private static string Slug(string name)
    {
        var letters = name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-');
        var slug = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 ? "plan" : slug[..Math.Min(slug.Length, 40)].TrimEnd('-');
    }
}
