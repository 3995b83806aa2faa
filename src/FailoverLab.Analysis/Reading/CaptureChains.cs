using System.Text.RegularExpressions;
using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>
/// Tells which files continue one another, given in any order: those of one given point; else those of a ring set, whose names differ
/// only in digits and whose times do not overlap. Other files are captures of other points, also where their interfaces have one name.
/// </summary>
internal static partial class CaptureChains
{
    /// <summary>Groups files.</summary>
    public static List<CaptureChain> Of(IReadOnlyList<CaptureTally> files)
    {
        // One file continues nothing, and its names are its own.
        if (files is [var only]) return [new CaptureChain([only], Stem(only.Input.DisplayName), NamesAreShared: false)];
        var looks = files.ToDictionary(f => f, f => FirstLook(f.Input.File));
        var groups = files.GroupBy(f => f.Input.Point is { } point ? "point " + point : "file " + Digits().Replace(f.Input.File, "#")).SelectMany(g => Split([.. g], looks)).ToList();
        var shared = groups.Where(g => g[0].Input.Point is null)
            .SelectMany(g => g.SelectMany(f => looks[f].Names).Distinct().Select(name => (Group: g, Name: name)))
            .GroupBy(p => p.Name).Where(p => p.Count() > 1).SelectMany(p => p.Select(q => q.Group)).ToHashSet();
        var stems = groups.GroupBy(g => Stem(g[0].Input.DisplayName)).Where(s => s.Count() == 1).Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        return [.. groups.Select(g => new CaptureChain(g, NameOf(g[0].Input, stems), shared.Contains(g)))];
    }

    /// <summary>Files one after another are one chain; those that overlap are each their own, unless the point was given.</summary>
    private static IEnumerable<List<CaptureTally>> Split(List<CaptureTally> group, Dictionary<CaptureTally, Look> looks)
    {
        var ordered = group.OrderBy(f => looks[f].FirstNs).ToList();
        if (ordered.Count == 1 || ordered[0].Input.Point is not null) return [ordered];
        var overlap = ordered.Zip(ordered.Skip(1)).Any(pair => LastNs(pair.First.Input.File) > looks[pair.Second].FirstNs)
            || ordered.Any(f => !looks[f].Names.SequenceEqual(looks[ordered[0]].Names));
        return overlap ? ordered.Select(f => new List<CaptureTally> { f }) : [ordered];
    }

    /// <summary>What a file is called where its interfaces have no names or shared ones: its name up to the first dot, if no other has that.</summary>
    private static string NameOf(CaptureInput input, HashSet<string> stems) => Stem(input.DisplayName) is var stem && stems.Contains(stem) ? stem : input.DisplayName;

    private static string Stem(string file)
    {
        var name = Path.GetFileName(file);
        return name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;
    }

    /// <summary>First stamp and the interface names known by then.</summary>
    private static Look FirstLook(string file)
    {
        if (!CaptureReader.TryOpen(file, out var reader, out _)) return new Look(long.MaxValue, []);
        using (reader)
        {
            try
            {
                var first = reader.TryReadNext(out var packet) ? packet.StampNs : long.MaxValue;
                return new Look(first, [.. reader.Interfaces.Select(i => i.Name).OfType<string>()]);
            }
            catch (IOException)
            {
                return new Look(long.MaxValue, []);
            }
        }
    }

    private static long LastNs(string file)
    {
        var last = long.MinValue;
        if (!CaptureReader.TryOpen(file, out var reader, out _)) return last;
        using (reader)
        {
            try
            {
                while (reader.TryReadNext(out var packet)) last = Math.Max(last, packet.StampNs);
            }
            catch (IOException)
            {
                return last;
            }
        }

        return last;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    private sealed record Look(long FirstNs, IReadOnlyList<string> Names);
}
