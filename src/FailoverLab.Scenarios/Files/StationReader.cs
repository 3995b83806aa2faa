using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the keys of a host over ssh that make it what a node is in the embedded lab: its interfaces, and the program of the stack it runs.</summary>
internal sealed class StationReader(DiagnosticBag bag)
{
    /// <summary>Reads them out of a mapping that holds others too.</summary>
    /// <returns>Null where neither key is.</returns>
    public StationConfig? Read(MappingReader host)
    {
        var interfaces = host.Optional("interfaces");
        var stack = host.Optional("stack");
        if (!interfaces.IsPresent && !stack.IsPresent)
        {
            return null;
        }

        var (program, config) = stack.IsPresent ? Program(stack) : (null, null);
        return new StationConfig(interfaces.IsPresent ? Interfaces(interfaces) : null, program, config, host.PositionOf(interfaces.IsPresent ? "interfaces" : "stack"));
    }

    private List<InterfacePlan> Interfaces(ValueReader value)
    {
        var result = new List<InterfacePlan>();
        foreach (var (key, entry) in value.Entries())
        {
            if (!NameForm.IsInterface(key.Text))
            {
                bag.Error(YamlCodes.Form, key.Position, $"'{key.Text.ReplaceLineEndings(" ")}' is not {NameForm.InterfaceWords}");
            }

            // Addresses of people's own labs are of any range; a form other than the topology's would only be one more to know.
            IReadOnlyList<ValueReader> addresses = entry.IsEmpty ? [] : entry.OneOrMany();
            result.Add(new InterfacePlan(key.Text, [.. addresses.Select(a => a.Text(t => InterfaceAddress.TryParse(t, out _), "an address with prefix length, as 192.0.2.2/28")).OfType<string>()], []));
        }

        return result;
    }

    private static (string? Program, string? ConfigFile) Program(ValueReader value)
    {
        if (value.Mapping("the stack of a host") is not { } stack)
        {
            return (null, null);
        }

        var program = stack.Require("program").OneOf("router", "endpoint", "balancer", "controller");
        var config = stack.Require("config");
        var file = config.Text(t => !t.Contains('\0', StringComparison.Ordinal), "a file name");
        stack.Finish();
        if (program is null || file is null)
        {
            return (null, null);
        }

        var path = Path.GetFullPath(file, Path.GetDirectoryName(Path.GetFullPath(config.Position.File)) ?? "/");
        if (!File.Exists(path))
        {
            config.Error(ScenarioCodes.ProgramConfig, $"the config file '{file}' is not there", "its name is relative to the hosts file's own directory");
        }

        return (program, path);
    }
}
