namespace FailoverLab.Reports.Tests;

/// <summary>Figures of a small fixed run, byte for byte. <c>FAILOVERLAB_GOLDEN=write</c> writes them anew; look at the difference.</summary>
public sealed class GoldenFigureTests
{
    [TestCase("timeline")]
    [TestCase("gap-1")]
    [TestCase("delay")]
    [TestCase("anatomy-1")]
    public void Figure_TinyRun_EqualsItsGoldenFile(string id)
    {
        var figure = new RunPage(TinyRun.Input).Figures.Single(f => f.Id == id).Inline().Text + "\n";
        Check(id, figure);
    }

    [Test]
    public void Spread_ThreeRunsOneOpen_EqualsItsGoldenFile()
    {
        var open = TinyRun.Input.Result!.Outages[0] with { Recovered = false, EndNs = null, HighNs = null };
        var longer = TinyRun.Input.Result!.Outages[0] with { DurationNs = 35_000_000 };
        var table = RepeatTable.Of(
        [
            TinyRun.Input,
            TinyRun.Input with { Name = "longer", Result = TinyRun.Input.Result with { Outages = [longer] } },
            TinyRun.Input with { Name = "open", Result = TinyRun.Input.Result with { Outages = [open] } },
        ]);
        Check("spread", SpreadFigure.Of(table)!.Inline().Text + "\n");
    }

    private static void Check(string id, string figure)
    {
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "FailoverLab.Reports.Tests", "Golden", id + ".svg");
        if (Environment.GetEnvironmentVariable("FAILOVERLAB_GOLDEN") == "write")
        {
            File.WriteAllText(golden, figure);
            Assert.Ignore("Written anew.");
        }

        Assert.That(figure, Is.EqualTo(File.ReadAllText(golden)));
    }
}
