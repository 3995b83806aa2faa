using System.Globalization;
using System.Text.RegularExpressions;

namespace FailoverLab.Reports.Tests;

/// <summary>The page as a browser shows it.</summary>
public sealed class ReportPageTests
{
    /// <summary>Lays out the page, zooms the timeline by a drag, and leaves what it saw on the document's root.</summary>
    private const string Probe =
        """
        const out = {};
        for (const s of ['.badge', 'h1', '.tiles', '#failovers']) out[s] = Math.ceil(document.querySelector(s).getBoundingClientRect().bottom);
        const boxes = [...document.querySelectorAll('#timeline .mark text')].map(t => t.getBoundingClientRect());
        out.overlaps = boxes.filter((a, i) => boxes.some((b, j) => j > i && a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2)).length;
        out.marks = boxes.length;
        out.wide = document.documentElement.scrollWidth - innerWidth;
        const svg = document.querySelector('#timeline'), box = svg.getBoundingClientRect();
        const at = (type, x) => svg.dispatchEvent(new PointerEvent(type, { clientX: box.left + box.width * x, clientY: box.top + 60, bubbles: true }));
        at('pointermove', .4); out.readout = document.querySelector('.readout').textContent;
        at('pointerdown', .4); at('pointermove', .5); at('pointerup', .5);
        out.zoom = document.querySelectorAll('g.zoom[transform]').length;
        out.tick = document.querySelector('#timeline .tick').textContent;
        document.documentElement.dataset.probe = Object.entries(out).map(([k, v]) => k + '=' + v).join('|');
        """;

    [Test]
    public async Task Open_WithScript_ConsoleStaysSilent()
    {
        var (_, console) = await Chromium.OpenAsync(SampleReport.Page);
        Assert.That(console, Is.Empty);
    }

    [Test]
    public async Task Open_WithoutScript_SaysVerdictTimeAndPath()
    {
        var (dom, console) = await Chromium.OpenAsync(SampleReport.Page, script: false);
        Assert.That(console, Is.Empty);
        Assert.That(dom, Does.Contain("class=\"hint\" hidden"), "a script ran");
        var first = Regex.Replace(dom[dom.IndexOf("<h1>", StringComparison.Ordinal)..dom.IndexOf("</h1>", StringComparison.Ordinal)], "<[^>]+>", string.Empty);
        Assert.That(dom, Does.Contain("data-verdict=\"PASS\""));
        Assert.That(first.Replace("&nbsp;", " ").Replace('\u00A0', ' '), Does.StartWith("Traffic was down at most 62.4 ms [61.4, 63.4]; it moved"));
    }

    [Test]
    public async Task Open_AtTwelveHundredByNineHundred_FirstScreenAnswers()
    {
        var seen = await ProbeAsync(SampleReport.Page);
        Assert.That(new[] { ".badge", "h1", ".tiles", "#failovers" }.Select(s => Number(seen[s])), Is.All.LessThanOrEqualTo(900));
        Assert.That(Number(seen["wide"]), Is.LessThanOrEqualTo(0), "the page scrolls sideways");
    }

    [Test]
    public async Task Timeline_Labels_DoNotOverlap()
    {
        var seen = await ProbeAsync(SampleReport.Page);
        Assert.That((Number(seen["marks"]), Number(seen["overlaps"])), Is.EqualTo((6, 0)));
    }

    [Test]
    public async Task Timeline_DraggedAcross_ZoomsEveryFigureOverTime()
    {
        var seen = await ProbeAsync(SampleReport.Page);
        Assert.That(seen["zoom"], Is.EqualTo("2"));
        Assert.That(seen["tick"], Does.Match(@"^[45]\.\d+ s$"));
        Assert.That(seen["readout"], Does.Match(@"^T\+4\.\d{3} s   03:12:0\d\.\d{3} UTC$"));
    }

    [Test]
    public async Task Open_HostileStrings_NothingRuns()
    {
        var page = Path.Combine(TestContext.CurrentContext.WorkDirectory, "hostile.html");
        await File.WriteAllTextAsync(page, ReportWriter.Html(HostileText.Input()));
        var (dom, console) = await Chromium.OpenAsync(page);
        Assert.That(console, Is.Empty);
        Assert.That(dom, Does.Not.Contain("<img").And.Not.Contain("<title>owned"));
    }

    /// <summary>Opens a copy whose policy also admits the probe; the page itself stays as it is.</summary>
    private static async Task<Dictionary<string, string>> ProbeAsync(string page)
    {
        var copy = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"probe-{TestContext.CurrentContext.Test.ID}.html");
        var text = await File.ReadAllTextAsync(page);
        text = Regex.Replace(text, "script-src '[^']+'", "script-src 'unsafe-inline'").Replace("</body>", $"<script>{Probe}</script></body>", StringComparison.Ordinal);
        await File.WriteAllTextAsync(copy, text);
        var (dom, console) = await Chromium.OpenAsync(copy);
        Assert.That(console, Is.Empty);
        var seen = Regex.Match(dom, "data-probe=\"([^\"]*)\"").Groups[1].Value;
        return seen.Split('|').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
