using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The report of one run: its figures, and the page they stand in.</summary>
internal sealed class RunPage
{
    private readonly ReportInput _input;
    private readonly Cells _cells;
    private readonly SvgFigure? _timeline;
    private readonly SvgFigure? _delay;
    private readonly IReadOnlyList<SvgFigure?> _anatomies = [];
    private readonly IReadOnlyList<SvgFigure> _gaps = [];

    /// <summary>Draws the figures.</summary>
    public RunPage(ReportInput input)
    {
        _input = input;
        _cells = new Cells(input.Result);
        if (input.Result is not { } result)
        {
            return;
        }

        _timeline = TimelineFigure.Of(input);
        _delay = DelayFigure.Of(result);
        _anatomies = [.. result.Failovers.Select((f, i) => AnatomyFigure.Of(f, $"anatomy-{i + 1}"))];
        _gaps = [.. result.Outages
            .Where(o => o.Detail is not null)
            .OrderBy(o => o.Recovered).ThenByDescending(o => o.DurationNs)
            .Take(OutageSection.MostFigures)
            .OrderBy(o => o.StartNs)
            .Select((o, i) => GapFigure.Of(result, o, $"gap-{i + 1}"))
            .OfType<SvgFigure>()];
    }

    /// <summary>Every figure, for files of their own.</summary>
    public IEnumerable<SvgFigure> Figures =>
        _anatomies.Concat(_gaps).Append(_timeline).Append(_delay).OfType<SvgFigure>().OrderBy(f => f.Id, StringComparer.Ordinal);

    /// <summary>The whole page.</summary>
    public string Html()
    {
        var w = new MarkupWriter();
        var result = _input.Result;
        var scenario = result?.Scenario ?? _input.Name;
        Top(w, scenario, result);
        w.Line($"<main>");
        HeroSection.Write(w, _input, _cells);
        if (result is not null)
        {
            FailoverSection.WriteTable(w, result, _cells);
            Timeline(w);
            EvidenceSection.WriteExpectations(w, result);
            FailoverSection.WriteDetails(w, result, _cells, _anatomies);
            OutageSection.Write(w, result, _cells, _gaps);
            TrafficSection.WritePaths(w, result, _cells, _delay);
            LinkSection.Write(w, result, _cells);
            TrafficSection.WriteFlows(w, result);
        }

        EvidenceSection.WriteEvents(w, _input, _cells);
        if (result is not null)
        {
            EvidenceSection.WriteCaptures(w, result, _cells);
            SettingSection.WriteEnvironment(w, result);
            EvidenceSection.WriteCaveats(w, result);
        }

        SettingSection.WriteFiles(w, _input);
        w.Line($"""</main><footer>{result?.Environment?.Program ?? "FailoverLab"} · every figure on this page stands in result.json beside it, times in nanoseconds.</footer>""");
        return PageShell.Wrap($"{Headline.Of(result).Word} {scenario}", result?.StartNs, w.ToMarkup());
    }

    private static void Top(MarkupWriter w, string scenario, RunResult? result)
    {
        w.Line($"""<header class="top"><strong>{scenario}</strong><span>{result?.StartedAt}</span><span class="faint">{result?.RunId}</span><span class="grow"></span>""");
        w.Line($"""<nav><a href="#timeline-section">Timeline</a><a href="#outages">Outages</a><a href="#paths">Paths</a><a href="#events">Events</a><a href="#captures">Captures</a></nav></header>""");
    }

    private void Timeline(MarkupWriter w)
    {
        if (_timeline is null)
        {
            return;
        }

        w.Line($"""<section id="timeline-section"><h2>Timeline <span class="hint" hidden>drag to zoom, double-click to reset</span></h2>""");
        var grey = _input.Result is { } result && TellingStalls.Of(result).Any() ? " Grey: the machine stood still, or kept programs waiting." : "";
        w.Line($"""<p class="lead">Packets received per second, in the colour of the path that carried them. Hatched: outage.{grey}</p><div class="wide">{_timeline.Inline()}</div></section>""");
    }
}
