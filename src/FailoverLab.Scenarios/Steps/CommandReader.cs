using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a step that runs a command of the person's own.</summary>
internal sealed class CommandReader(Inventory inventory)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public IReadOnlyList<StepEntry> Read(StepDraft draft, ValueReader value)
    {
        var hosts = draft.Hosts;
        var timeout = DefaultTimeout;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        string? command;
        if (value.Node is YamlMapping && value.Mapping("a run step") is { } run)
        {
            var inner = run.Optional("host");
            if (inner.IsPresent && hosts.IsPresent)
            {
                inner.Error(YamlCodes.Choice, "'host' and the step's 'hosts' exclude each other", "keep one of them");
            }
            hosts = inner.IsPresent ? inner : hosts;
            command = run.Require("command").Text(t => !t.Contains('\0', StringComparison.Ordinal), "text for the shell");
            timeout = run.Optional("timeout").Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(24)) ?? timeout;
            environment = Variables(run.Optional("env"));
            run.Finish();
        }
        else
        {
            command = value.Text(t => !t.Contains('\0', StringComparison.Ordinal), "text for the shell");
        }
        if (!hosts.IsPresent && value.Node is not YamlFault)
        {
            value.Error(YamlCodes.MissingKey, "this step does not say on which host the command runs", "add 'hosts: NAME' to the step");
        }
        return command is null ? [] : [.. inventory.FindHosts(hosts).Select(h => new StepEntry(h.Name, h.Name, new RunCommand(command, timeout, environment), Literal(command, environment), ""))];
    }

    /// <summary>Variables of an environment; a variable without a value is an empty one.</summary>
    internal static Dictionary<string, string> Variables(ValueReader value)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, entry) in value.Entries())
        {
            if (!IsVariable(key.Text))
            {
                entry.Error(YamlCodes.Form, $"'{key.Text.ReplaceLineEndings(" ")}' is not a variable's name (letters, digits and _, first no digit)");
            }
            else if (entry.Node is YamlScalar scalar)
            {
                variables[key.Text] = scalar.IsNull ? "" : scalar.Text;
            }
            else
            {
                entry.Text();
            }
        }
        return variables;
    }

    /// <summary>The command as a person would type it.</summary>
    internal static string Literal(string command, IReadOnlyDictionary<string, string> environment) =>
        string.Concat(environment.Select(v => $"{v.Key}='{v.Value.Replace("'", @"'\''", StringComparison.Ordinal)}' ")) + command;

    private static bool IsVariable(string text) =>
        text.Length is >= 1 and <= 64 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
