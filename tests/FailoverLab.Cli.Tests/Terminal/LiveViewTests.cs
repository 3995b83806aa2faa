using System.Text.RegularExpressions;
using FailoverLab.Testing;

namespace FailoverLab.Cli.Tests;

public sealed class LiveViewTests
{
    private const string Frame =
        """

         starlink-drop  running  ━━━━━━━━━━━━━━━────────────────────────────────────────  00:04.1 / 00:15.0
         next in −00:03.9 s  restore starlink-1

           path                condition                               up        down
           byu                 good                                    12          14
         ▶ starlink-1          silent drop                          4 112       4 100

           flow                                                      sent    received
         ✗ probe-v4-up         down 412 ms and counting             4 112       4 050
           probe-v4-down       longest silence 61 ms                4 112       4 101
        """;

    [Test]
    public void Refresh_DroppedPath_ShowsTickerAndWorkingPath()
    {
        using var text = new StringWriter();
        new LiveView(text, () => 101).Refresh(SampleSnapshot.At(4.12));
        Assert.That(Plain(text), Is.EqualTo(Frame.ReplaceLineEndings("\n").Trim('\n')));
    }

    [Test]
    public void Refresh_Again_GoesBackUpByWhatItDrew()
    {
        using var text = new StringWriter();
        var view = new LiveView(text, () => 101);
        view.Refresh(SampleSnapshot.At(1));
        var lines = text.ToString().Count(c => c == '\n');
        view.Refresh(SampleSnapshot.At(2));
        Assert.That(text.ToString(), Does.Contain($"\e[{lines}A\r"));
    }

    [Test]
    public void OnEvent_BetweenFrames_StandsAboveTheFrame()
    {
        using var text = new StringWriter();
        var view = new LiveView(text, () => 101);
        view.Refresh(SampleSnapshot.At(4.12));
        view.OnEvent(SampleEvidence.Events()[4]);
        var second = text.ToString()[text.ToString().LastIndexOf("\e[?25l", StringComparison.Ordinal)..];
        Assert.That(Printed.Trim(Strip(second)), Does.StartWith("03:12:03.200  traffic    probes: 4 probe flows at 1 kHz\n\n starlink-drop"));
    }

    [Test]
    public void Refresh_HostileNames_WritesNoEscapeOfTheirs()
    {
        using var text = new StringWriter();
        new LiveView(text, () => 101).Refresh(SampleSnapshot.At(4, "\e]0;owned\a\u009b31mx"));
        Assert.That(text.ToString(), Does.Not.Contain("\e]0").And.Not.Contain("\u009b").And.Not.Contain("\a"));
    }

    [Test]
    public void Close_AfterFrames_ShowsTheCursorOnceAndDrawsNoMore()
    {
        using var text = new StringWriter();
        var view = new LiveView(text, () => 101);
        view.Refresh(SampleSnapshot.At(4));
        view.Close();
        view.Close();
        view.Refresh(SampleSnapshot.At(5));
        Assert.That(text.ToString(), Does.EndWith("\e[?25h"));
        Assert.That(Regex.Count(text.ToString(), "\\?25h"), Is.EqualTo(1));
    }

    private static string Plain(StringWriter text) => Printed.Trim(Strip(text.ToString()));

    private static string Strip(string text) => Regex.Replace(text, "\e\\[[0-9;?]*[A-Za-z]|\r", string.Empty);
}
