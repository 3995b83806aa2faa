using System.Text.RegularExpressions;

namespace FailoverLab.Analysis;

/// <summary>
/// Tells which files continue one another, given in any order: those of one given point; those of a ring set, whose names differ only in
/// digits and whose times do not overlap; and files of the same interfaces that were captured one after another and share no packets. Other files
/// are captures of other points, also where their interfaces have one name.
/// </summary>
internal static partial class CaptureChains
{
    /// <summary>Groups files.</summary>
    public static List<CaptureChain> Of(IReadOnlyList<CaptureTally> files)
    {
        // One file continues nothing, and its names are its own.
        if (files is [var only]) return [new CaptureChain([only], Stem(only.Input.DisplayName), NamesAreShared: false)];
        var looks = files.ToDictionary(f => f, f => CaptureLook.At(f.Input.File));
        var pointed = files.Where(f => f.Input.Point is not null).GroupBy(f => f.Input.Point).Select(g => g.OrderBy(f => looks[f].FirstNs).ToList());
        var loose = Joined([.. Rings(files.Where(f => f.Input.Point is null), f => f.Input.File, f => looks[f])], f => looks[f]);
        var groups = pointed.Concat(loose).OrderBy(g => g.Min(f => files.ToList().IndexOf(f))).ToList();
        var shared = groups.Where(g => g[0].Input.Point is null)
            .SelectMany(g => g.SelectMany(f => looks[f].Names).Distinct().Select(name => (Group: g, Name: name)))
            .GroupBy(p => p.Name).Where(p => p.Count() > 1).SelectMany(p => p.Select(q => q.Group)).ToHashSet();
        var stems = groups.GroupBy(g => Stem(g[0].Input.DisplayName)).Where(s => s.Count() == 1).Select(s => s.Key).ToHashSet(StringComparer.Ordinal);

        // The interfaces of what was not looked at may have the names of any other's.
        return [.. groups.Select(g => new CaptureChain(g, NameOf(g[0].Input, stems), shared.Contains(g) || (groups.Count > 1 && !looks[g[0]].IsKnown)))];
    }

    /// <summary>Files whose names differ in digits only and whose times do not overlap, each group in order of time; every other file by itself.</summary>
    public static IEnumerable<List<string>> Rings(IEnumerable<string> files)
    {
        var looks = files.ToDictionary(f => f, CaptureLook.At);
        return Rings(looks.Keys, f => f, f => looks[f]);
    }

    private static IEnumerable<List<T>> Rings<T>(IEnumerable<T> files, Func<T, string> nameOf, Func<T, CaptureLook> lookOf) =>
        files.GroupBy(f => lookOf(f).IsKnown ? Digits().Replace(nameOf(f), "#") : nameOf(f)).SelectMany(g => Split([.. g.OrderBy(f => lookOf(f).FirstNs)], lookOf));

    /// <summary>Files one after another are one chain; those that overlap are each their own.</summary>
    private static IEnumerable<List<T>> Split<T>(List<T> ordered, Func<T, CaptureLook> lookOf)
    {
        if (ordered.Count == 1) return [ordered];
        var overlap = ordered.Exists(f => !lookOf(f).Names.SequenceEqual(lookOf(ordered[0]).Names))
            || ordered.Zip(ordered.Skip(1)).Any(pair => !lookOf(pair.First).EndsBefore(lookOf(pair.Second)));
        return overlap ? ordered.Select(f => new List<T> { f }) : [ordered];
    }

    /// <summary>Captures of the same interfaces, one after another, whatever they are called. Where any overlap, it is not known which belong together.</summary>
    private static IEnumerable<List<CaptureTally>> Joined(List<List<CaptureTally>> groups, Func<CaptureTally, CaptureLook> lookOf)
    {
        foreach (var alike in groups.GroupBy(g => lookOf(g[0]).IsKnown ? "known\n" + string.Join('\n', lookOf(g[0]).Names) : g[0].Input.File))
        {
            var ordered = alike.OrderBy(g => lookOf(g[0]).FirstNs).ToList();
            var isOne = ordered.Count > 1 && ordered.Zip(ordered.Skip(1)).All(pair => Follows(lookOf(pair.First[^1]), lookOf(pair.Second[0])));
            foreach (var chain in isOne ? [[.. ordered.SelectMany(g => g)]] : ordered) yield return chain;
        }
    }

    private static bool Follows(CaptureLook one, CaptureLook next) => one.EndsBefore(next) && one.IsApartFrom(next);

    /// <summary>What a file is called where its interfaces have no names or shared ones: its name up to the first dot, if no other has that.</summary>
    private static string NameOf(CaptureInput input, HashSet<string> stems) => Stem(input.DisplayName) is var stem && stems.Contains(stem) ? stem : input.DisplayName;

    private static string Stem(string file)
    {
        var name = Path.GetFileName(file);
        return name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
