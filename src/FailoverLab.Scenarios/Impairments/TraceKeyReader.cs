using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads <c>trace</c>: a file, <c>none</c>, or a mapping.</summary>
internal sealed class TraceKeyReader(DiagnosticBag bag)
{
    private static readonly Dictionary<string, TraceClock> Clocks = new(StringComparer.Ordinal)
    {
        ["start"] = TraceClock.Start,
        ["wall"] = TraceClock.Wall,
    };

    public TracePlan? Read(ValueReader value)
    {
        if (value.Node is YamlScalar { Text: ImpairmentReader.NoneWord })
        {
            return TracePlan.None;
        }
        if (value.Node is not YamlMapping)
        {
            return File(value) is { } alone ? new TracePlan(alone, TraceClock.Start) : null;
        }
        if (value.Mapping("a trace") is not { } reader)
        {
            return null;
        }
        var file = File(reader.Require("file"));
        var clock = reader.Optional("clock").OneOf(Clocks) ?? TraceClock.Start;
        reader.Finish();
        return file is null ? null : new TracePlan(file, clock);
    }

    /// <summary>The file beside the one that names it.</summary>
    private string? File(ValueReader value)
    {
        if (value.Text(t => !t.Contains('\0', StringComparison.Ordinal), "a file name") is not { } name)
        {
            return null;
        }
        var path = Path.Combine(Path.GetDirectoryName(value.Position.File) ?? "", name);
        if (!System.IO.File.Exists(path))
        {
            bag.Error(YamlCodes.Unreadable, value.Position, $"the trace '{path.ReplaceLineEndings(" ")}' is not there", "its name is relative to the file that names it");
            return null;
        }
        // Read whole already here, so that its faults are known before anything starts.
        return TraceFile.Read(path, bag) is null ? null : Path.GetFullPath(path);
    }
}
