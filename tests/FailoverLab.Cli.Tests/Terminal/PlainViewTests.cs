using FailoverLab.Results;

namespace FailoverLab.Cli.Tests;

public sealed class PlainViewTests
{
    [Test]
    public void Refresh_EightTimesASecond_PrintsOneLineEveryFiveSeconds()
    {
        using var text = new StringWriter();
        var view = new PlainView(text);
        for (var i = 0; i < 8 * 12; i++)
        {
            view.Refresh(SampleSnapshot.At(i / 8.0));
        }

        Assert.That(Printed.Trim(text.ToString()).Split('\n'), Is.EqualTo(new[]
        {
            "-- starlink-drop 00:00.0 of 00:15.0 running; path starlink-1; probe-v4-up down 412 ms and counting; next in 00:08.0: restore starlink-1",
            "-- starlink-drop 00:05.0 of 00:15.0 running; path starlink-1; probe-v4-up down 412 ms and counting; next in 00:03.0: restore starlink-1",
            "-- starlink-drop 00:10.0 of 00:15.0 running; path starlink-1; probe-v4-up down 412 ms and counting; next in −00:02.0: restore starlink-1",
        }));
    }

    [Test]
    public void OnEvent_StackEventWithHostileData_PrintsOneCleanLine()
    {
        using var text = new StringWriter();
        new PlainView(text).OnEvent(new RunEvent
        {
            AtNs = 1_795_230_723_412_000_000,
            Kind = RunEventKind.Stack,
            Host = "endpoint",
            Text = "switched",
            ExitStatus = 3,
            Data = new Dictionary<string, string> { ["toPath"] = "sl2\n\e[2J" },
        });
        Assert.That(Printed.Trim(text.ToString()), Is.EqualTo("03:12:03.412  endpoint   switched toPath=sl2 \uFFFD[2J (exit 3)"));
    }

    [TestCase(true, null, null, "xterm", true)]
    [TestCase(false, null, null, "xterm", false)]
    [TestCase(true, "1", null, "xterm", false)]
    [TestCase(true, null, "true", "xterm", false)]
    [TestCase(true, null, null, "dumb", false)]
    [TestCase(true, "", "", "xterm", true)]
    public void IsLive_TerminalAndEnvironment_Decide(bool terminal, string? noColor, string? ci, string term, bool expected)
    {
        var environment = new Dictionary<string, string?> { ["NO_COLOR"] = noColor, ["CI"] = ci, ["TERM"] = term };
        Assert.That(RunViews.IsLive(terminal, environment.GetValueOrDefault), Is.EqualTo(expected));
    }
}
