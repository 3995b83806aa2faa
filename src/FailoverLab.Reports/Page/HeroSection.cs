using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The first screen: pass or not, how long, which path, and what speaks against trusting it.</summary>
internal static class HeroSection
{
    /// <summary>Writes it.</summary>
    public static void Write(MarkupWriter w, ReportInput input, Cells cells)
    {
        var headline = Headline.Of(input.Result);
        w.Line($"""<div class="hero {Tone(headline.Verdict)}" id="verdict" data-verdict="{headline.Word}"><span class="badge">{Sign(headline.Verdict)}{headline.Word}</span>""");
        w.Add($"<h1>{headline.Lead}");
        if (headline.Figure.Length > 0)
        {
            w.Add($"""<b>{headline.Figure}</b>""");
        }

        if (headline.Interval.Length > 0)
        {
            w.Add($""" <span class="interval">{headline.Interval}</span>""");
        }

        w.Line($"{Named(headline.Tail, input.Result, cells)}</h1>");
        Reasons(w, input);
        if (input.Result is { } result)
        {
            Tiles(w, result, cells);
        }

        w.Line($"</div>");
    }

    /// <summary>The page's colour word for a verdict.</summary>
    public static string Tone(Verdict? verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        null => "none",
        _ => "unsure",
    };

    /// <summary>Words in which every path's name stands in its colour and on one line.</summary>
    private static Markup Named(string words, RunResult? result, Cells cells)
    {
        var w = new MarkupWriter();
        var names = (result?.Paths ?? []).Select(p => p.Name).Where(n => n.Length > 0).OrderByDescending(n => n.Length).ToList();
        while (words.Length > 0)
        {
            var next = names.Select(n => (Name: n, At: words.IndexOf(n, StringComparison.Ordinal))).Where(n => n.At >= 0).OrderBy(n => n.At).FirstOrDefault();
            if (next.Name is null)
            {
                break;
            }

            w.Add($"{words[..next.At]}{cells.Path(next.Name)}");
            words = words[(next.At + next.Name.Length)..];
        }

        return w.Add($"{words}").ToMarkup();
    }

    private static string Sign(Verdict? verdict) => verdict switch { Verdict.Pass => "✓ ", Verdict.Fail => "✗ ", null => "", _ => "? " };

    private static void Reasons(MarkupWriter w, ReportInput input)
    {
        var reasons = new List<(Markup Sign, string Text)>();
        var alarm = new Markup("""<span class="tick-fail">!</span>""");
        reasons.AddRange(input.Problems.Select(p => (alarm, p)));
        if (input.Result?.Restored == false)
        {
            reasons.Add((alarm, "The lab was not restored. Run `failoverlab recover`."));
        }

        foreach (var e in (input.Result?.Expectations ?? []).Where(e => e.Verdict != Verdict.Pass))
        {
            reasons.Add((Cells.Sign(e.Verdict), $"{e.Text}: observed {e.Observed ?? "nothing"}, wanted {e.Limit}"));
        }

        var dropped = (input.Result?.Captures ?? []).Sum(c => c.Dropped ?? 0);
        if (dropped > 0)
        {
            reasons.Add((alarm, $"The captures dropped {TimeWords.Count(dropped)} packets: loss figures may be too high."));
        }

        if (reasons.Count == 0)
        {
            return;
        }

        w.Line($"""<ul class="why">""");
        foreach (var (sign, text) in reasons.Take(6))
        {
            w.Line($"<li>{sign} {text}</li>");
        }

        w.Line($"</ul>");
    }

    private static void Tiles(MarkupWriter w, RunResult result, Cells cells)
    {
        w.Line($"""<dl class="tiles">""");
        var worst = Headline.Worst(result);
        var outage = worst is null ? new Markup("none") : new Markup(MarkupEncoder.Encode(TimeWords.Duration(worst.DurationNs)));
        Tile(w, "Longest outage", outage, worst is null ? "no flow went silent" : $"{worst.Flow} at {TimeWords.Relative(worst.StartNs, result.StartNs)}");
        var chain = PathStory.Chain(result.Failovers);
        var used = chain.Count > 0 ? [chain[^1]] : result.Paths.Where(p => p.Packets > 0).OrderByDescending(p => p.Packets).Take(1).Select(p => (string?)p.Name).ToList();
        Tile(w, "Path at the end", used.Count > 0 ? cells.Paths(used) : new Markup("–"), Moves(result));
        var sent = result.Flows.Sum(f => f.Sent ?? 0);
        Tile(
            w, "Packets lost", new Markup(MarkupEncoder.Encode(Cells.Count(result.Flows.Any(f => f.Lost is not null) ? result.Flows.Sum(f => f.Lost ?? 0) : null))),
            $"of {TimeWords.Count(sent)} sent in {result.Flows.Count(f => f.Sent is not null)} flows");
        var held = result.Expectations.Count(e => e.Verdict == Verdict.Pass);
        Tile(
            w, "Expectations", new Markup(result.Expectations.Count == 0 ? "none" : $"{held} of {result.Expectations.Count}"),
            result.Expectations.Count == 0 ? "nothing was asked" : held == result.Expectations.Count ? "all hold" : "hold");
        w.Line($"</dl>");
    }

    private static string Moves(RunResult result)
    {
        var failovers = result.Failovers.Count(f => f.Kind == FailoverKind.Failover);
        var reversions = result.Failovers.Count - failovers;
        return result.Failovers.Count == 0 ? "no move seen" : $"{Plural(failovers, "failover")}, {Plural(reversions, "reversion")}";
    }

    private static string Plural(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";

    private static void Tile(MarkupWriter w, string name, Markup value, string note) =>
        w.Line($"""<div><dt>{name}</dt><dd><span class="value">{value}</span><span class="note">{note}</span></dd></div>""");
}
