using System.Globalization;
using System.Xml.Linq;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Reports.Tests;

public sealed class ReportWriterTests
{
    private static readonly RunResult Result = SampleRun.Build();

    [Test]
    public void Write_FifteenSecondsFourFlows_StaysBelowOneMegabyte() =>
        Assert.That(new FileInfo(SampleReport.Page).Length, Is.LessThan(1_000_000));

    [Test]
    public void Write_SameInputTwice_GivesEqualBytes() =>
        Assert.That(ReportWriter.Html(ReportInput.Load(SampleReport.Directory)), Is.EqualTo(File.ReadAllText(SampleReport.Page)));

    [Test]
    public void Write_EveryPlot_IsWellFormedWithTitleAndDescription()
    {
        var plots = Directory.GetFiles(Path.Combine(SampleReport.Directory, "plots"), "*.svg");
        Assert.That(plots.Select(Path.GetFileName), Is.SupersetOf(new[] { "timeline.svg", "delay.svg", "anatomy-1.svg", "gap-1.svg" }));
        foreach (var plot in plots)
        {
            var root = XDocument.Load(plot).Root!;
            Assert.That(root.Elements().Take(2).Select(e => e.Name.LocalName), Is.EqualTo(new[] { "title", "desc" }), plot);
        }
    }

    [Test]
    public void Timeline_DataAttributes_EqualTheOutagesOfTheResult()
    {
        var drawn = Shapes("timeline.svg", "data-duration-ns").Select(e => (Text(e, "data-flow"), Number(e, "data-start-ns"), Number(e, "data-duration-ns")));
        Assert.That(drawn, Is.EquivalentTo(Result.Outages.Select(o => (o.Flow, o.StartNs, o.DurationNs))));
    }

    [Test]
    public void GapFigures_DataAttributes_EqualTheLostPacketsOfTheResult()
    {
        var lost = Enumerable.Range(1, Result.Outages.Count).Select(i => Number(Shapes($"gap-{i}.svg", "data-lost").Single(), "data-lost"));
        Assert.That(lost, Is.EqualTo(Result.Outages.Select(o => o.Lost)));
    }

    [Test]
    public void AnatomyFigures_DataAttributes_EqualTheMarksOfTheResult()
    {
        for (var i = 0; i < Result.Failovers.Count; i++)
        {
            var parts = Shapes($"anatomy-{i + 1}.svg", "data-at-ns").ToList();
            var instants = parts.Select(p => Number(p, "data-at-ns")).Prepend(Number(parts[0], "data-from-ns"));
            Assert.That(instants, Is.EqualTo(Result.Failovers[i].Anatomy.Select(m => m.AtNs)));
        }
    }

    [Test]
    public void DelayFigure_DataAttributes_EqualTheMediansOfTheResult() => Assert.That(
        Shapes("delay.svg", "data-median-ns").Select(e => (Text(e, "data-path"), Number(e, "data-median-ns"))),
        Is.EqualTo(Result.Paths.Where(p => p.DelayNs is not null).Select(p => (p.Name, p.DelayNs!.Median))));

    [Test]
    public void Html_EveryFigure_IsTheOneInItsFile()
    {
        var page = File.ReadAllText(SampleReport.Page);
        foreach (var plot in Directory.GetFiles(Path.Combine(SampleReport.Directory, "plots"), "*.svg"))
        {
            var last = File.ReadAllLines(plot)[^2];
            Assert.That(page, Does.Contain(last), plot);
        }
    }

    private static IEnumerable<XElement> Shapes(string plot, string attribute) =>
        XDocument.Load(Path.Combine(SampleReport.Directory, "plots", plot)).Descendants().Where(e => e.Attribute(attribute) is not null);

    private static string Text(XElement element, string attribute) => element.Attribute(attribute)!.Value;

    private static long Number(XElement element, string attribute) => long.Parse(Text(element, attribute), CultureInfo.InvariantCulture);
}
