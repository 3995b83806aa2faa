using FailoverLab.Testing;

namespace FailoverLab.Reports.Tests;

public sealed class ReportInputTests
{
    [Test]
    public void Load_EmptyDirectory_SaysWhatIsMissing()
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-report-").FullName;
        var input = ReportInput.Load(directory);
        Directory.Delete(directory);
        Assert.That(input.Problems, Is.EqualTo(new[]
        {
            "result.json is missing: the run ended before it was written.",
            "events.ndjson is missing: the run ended before it was written.",
        }));
        Assert.That(ReportWriter.Html(input), Does.Contain("NO RESULT").And.Contain("result.json is missing"));
    }

    [Test]
    public void Parse_EventsCutAnywhere_LosesAtMostTheTornLine()
    {
        var text = File.ReadAllText(Path.Combine(SampleReport.Directory, "events.ndjson"));
        for (var length = 0; length <= text.Length; length++)
        {
            var problems = new List<string>();
            var whole = text[..length].Count(c => c == '\n');
            var events = EventLog.Parse(text[..length], problems);
            Assert.That(events, Has.Count.InRange(whole, whole + 1), $"cut at {length}");
            Assert.That(problems, Has.Count.LessThanOrEqualTo(1), $"cut at {length}");
        }
    }

    [Test]
    public void Load_ResultCutAnywhere_ReportsInsteadOfFailing()
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-report-").FullName;
        SampleDirectory.Write(directory, SampleRun.Build() with { Flows = [], Outages = [], Paths = [] }, SampleEvidence.Events());
        var file = Path.Combine(directory, "result.json");
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length - 1; length += 97)
        {
            File.WriteAllBytes(file, whole[..length]);
            var input = ReportInput.Load(directory);
            Assert.That(input.Result, Is.Null);
            Assert.That(ReportWriter.Html(input), Does.Contain("result.json cannot be read"), $"cut at {length}");
        }

        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public void Parse_ForeignLines_AreCountedAndLeftOut()
    {
        var problems = new List<string>();
        Assert.That(EventLog.Parse("[]\nnull\n{\"kind\":1}\n", problems), Is.Empty);
        Assert.That(problems, Is.EqualTo(new[] { "3 lines of events.ndjson cannot be read and are left out." }));
    }
}
