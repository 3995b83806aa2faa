using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FailoverLab.Reports.Tests;

public sealed class HostileTextTests
{
    [Test]
    public void Html_PayloadInEveryString_AddsNoElementAndNoAttribute()
    {
        var page = ReportWriter.Html(HostileText.Input());
        Assert.That(Regex.Count(page, "<script", RegexOptions.IgnoreCase), Is.EqualTo(1));
        Assert.That(page, Does.Not.Contain("<img").And.Not.Contain("\" onload").And.Not.Contain("' onload"));
        Assert.That(page.Any(c => (char.IsControl(c) && c is not ('\n' or '\t')) || c == '\u202E'), Is.False);
    }

    [Test]
    public void Write_PayloadInEveryString_KeepsEveryPlotWellFormed()
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-report-").FullName;
        ReportWriter.Write(HostileText.Input(), directory);
        foreach (var plot in Directory.GetFiles(Path.Combine(directory, "plots"), "*.svg"))
        {
            Assert.That(() => XDocument.Load(plot), Throws.Nothing, plot);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public void Html_MergedPayloadInEveryString_AddsNoElement()
    {
        var page = MergedReport.Html([HostileText.Input(), HostileText.Input()]);
        Assert.That(Regex.Count(page, "<script", RegexOptions.IgnoreCase), Is.EqualTo(1));
        Assert.That(page, Does.Not.Contain("<img"));
    }
}
