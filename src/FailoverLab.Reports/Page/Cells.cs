using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Small pieces every section uses.</summary>
internal sealed class Cells(RunResult? result)
{
    /// <summary>An instant relative to the run's start, the absolute time in its hint; a dash when absent.</summary>
    public Markup Instant(long? atNs, int digits = 3)
    {
        if (atNs is not { } at)
        {
            return new Markup("–");
        }

        var utc = TimeWords.Utc(at);
        return new MarkupWriter().Add($"""<time datetime="{utc}" title="{utc}">{TimeWords.Relative(at, result?.StartNs, digits)}</time>""").ToMarkup();
    }

    /// <summary>A path's name with its colour; a dash when absent.</summary>
    public Markup Path(string? name)
    {
        if (name is null)
        {
            return new Markup("""<span class="faint">none</span>""");
        }

        var index = (result?.Paths ?? []).Select(p => p.Name).ToList().IndexOf(name);
        var style = index < 0 ? "px" : $"p{index % 6}";
        return new MarkupWriter().Add($"""<span class="chip {style}">{name}</span>""").ToMarkup();
    }

    /// <summary>Paths joined by arrows.</summary>
    public Markup Paths(IEnumerable<string?> names)
    {
        var w = new MarkupWriter();
        var first = true;
        foreach (var name in names)
        {
            if (!first)
            {
                w.Add($"""<span class="arrow">→</span>""");
            }

            w.Add($"{Path(name)}");
            first = false;
        }

        return w.ToMarkup();
    }

    /// <summary>A measured time, its interval in softer type; a dash when absent.</summary>
    public static Markup Time(MeasuredTime? time) =>
        time is null ? new Markup("–") : Time(time.ValueNs, time.LowNs, time.HighNs);

    /// <summary>A time with its interval in softer type.</summary>
    public static Markup Time(long valueNs, long lowNs, long? highNs) => new MarkupWriter()
        .Add($"""{TimeWords.Duration(valueNs)} <span class="interval">{TimeWords.Interval(valueNs, lowNs, highNs)}</span>""").ToMarkup();

    /// <summary>A count; a dash when absent.</summary>
    public static string Count(long? value) => value is { } v ? TimeWords.Count(v) : "–";

    /// <summary>A duration; a dash when absent.</summary>
    public static string Duration(long? ns) => ns is { } v ? TimeWords.Duration(v) : "–";

    /// <summary>The verdict's sign, with the word for those who cannot see colour.</summary>
    public static Markup Sign(Verdict verdict) => verdict switch
    {
        Verdict.Pass => new Markup("""<span class="tick-pass" title="pass">✓</span>"""),
        Verdict.Fail => new Markup("""<span class="tick-fail" title="fail">✗</span>"""),
        _ => new Markup("""<span class="tick-unsure" title="inconclusive">?</span>"""),
    };
}
