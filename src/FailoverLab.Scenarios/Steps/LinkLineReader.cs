using System.Globalization;
using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads what running links are told, a line at a time: the steps of a scenario that change links, as YAML on one line, at an absolute time.</summary>
/// <example><code>
/// { at: 2026-11-22T11:00:00.5Z, degrade: { link: eth1-eth2, direction: up, loss: 5% } }
/// { restore: all }
/// { status: all }
/// </code></example>
public sealed class LinkLineReader
{
    /// <summary>Name of the text in diagnostics.</summary>
    public const string Source = "control";

    /// <summary>What an instant looks like, in words.</summary>
    private const string InstantWords = "an instant: 2026-11-22T11:00:00.5Z, or nanoseconds since the Unix epoch";

    private static readonly string[] Orders = ["degrade", "restore", "status", "call-off", "end"];
    private static readonly string[] InstantForms = ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ssK"];
    private readonly Inventory _links;
    private readonly string _profiles;

    /// <summary>Makes it.</summary>
    /// <param name="links">The links there are, each with what <c>restore</c> makes of it.</param>
    /// <param name="profiles">Where profiles that are named without a path are looked for.</param>
    public LinkLineReader(IReadOnlyList<LinkPlan> links, string profiles = ProfileLoader.DefaultDirectory)
    {
        _links = new Inventory([], [], topology: null, isComplete: true) { RealLinks = links };
        _profiles = profiles;
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number, for the places of faults.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>What it tells, or <see langword="null"/> when it has a fault; then that was reported.</returns>
    public LinkOrder? Read(string line, int number, DiagnosticBag bag)
    {
        var own = new DiagnosticBag();
        var order = MappingReader.Open(YamlReader.Read(Encoding.UTF8.GetBytes(line), Source, own), own, "a line") is { } reader ? Read(reader, own) : null;
        foreach (var fault in own.Sorted())
        {
            // The reader has seen one line and counts from it.
            var place = fault.Position.File == Source ? fault.Position with { Line = number } : fault.Position;
            Action<string, SourcePosition, string, string?> add = fault.Severity == Severity.Error ? bag.Error : bag.Warning;
            add(fault.Code, place, fault.Message, fault.Hint);
        }

        return own.HasErrors ? null : order;
    }

    private LinkOrder? Read(MappingReader line, DiagnosticBag bag)
    {
        var atNs = Instant(line.Optional("at"));
        var kind = line.OneOfKeys(Orders);
        if (line.Has("at") && kind is "status" or "call-off" or "end")
        {
            bag.Error(ScenarioCodes.UselessChange, line.PositionOf("at"), $"'at' says nothing beside '{kind}', which is done at once", "leave it out");
        }

        var steps = new LinkStepReader(_links, bag, _profiles);
        var order = kind switch
        {
            "degrade" => Changes(steps.ReadDegrade(line.Optional("degrade"))),
            "restore" => Changes(steps.ReadRestore(line.Optional("restore"))),
            "status" => new LinkOrder { Status = [.. _links.FindLinks(line.Optional("status")).Select(l => l.Name)] },
            "call-off" => new LinkOrder { CallOff = (int?)line.Optional("call-off").WholeNumber(1, int.MaxValue) },
            "end" => new LinkOrder { Ends = line.Optional("end").OneOf("true") is not null },
            _ => null,
        };
        line.Finish();
        return order;

        LinkOrder Changes(IReadOnlyList<StepEntry> entries) => new() { AtNs = atNs, Changes = [.. entries.Select(e => (LinkChangeStep)e.Action)] };
    }

    private static long? Instant(ValueReader value) =>
        value.IsPresent && value.Text(t => ToNs(t) is not null, InstantWords) is { } text ? ToNs(text) : null;

    private static long? ToNs(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ns) ? ns
        : DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && !IsWithoutZone(text) ? (at - DateTimeOffset.UnixEpoch).Ticks * 100
        : null;

    /// <summary>Without a zone it would be read as the time of this machine's place, which the far side may not share.</summary>
    private static bool IsWithoutZone(string text) => !text.EndsWith('Z') && text.LastIndexOfAny(['+', '-']) < text.IndexOf('T', StringComparison.Ordinal);
}
