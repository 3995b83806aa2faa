namespace FailoverLab.Reports.Tests;

public sealed class ReportWriterTests
{
    [Test]
    public void Write_FifteenSecondsFourFlows_StaysBelowOneMegabyte() =>
        Assert.That(new FileInfo(SampleReport.Page).Length, Is.LessThan(1_000_000));

    [Test]
    public void Write_SameInputTwice_GivesEqualBytes()
    {
        var input = ReportInput.Load(SampleReport.Directory);
        Assert.That(ReportWriter.Html(input), Is.EqualTo(File.ReadAllText(SampleReport.Page)));
    }
}
