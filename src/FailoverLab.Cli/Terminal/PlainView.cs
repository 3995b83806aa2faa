using FailoverLab.Results;
using FailoverLab.Runner;

namespace FailoverLab.Cli;

/// <summary>A run as plain lines: one per event, and one of status every five seconds.</summary>
public sealed class PlainView(TextWriter output) : IRunView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private string _phase = string.Empty;
    private TimeSpan _due = TimeSpan.MinValue;

    /// <inheritdoc/>
    public void OnEvent(RunEvent e)
    {
        output.WriteLine(TerminalText.Line(e));
        output.Flush();
    }

    /// <inheritdoc/>
    public void Refresh(RunSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Phase == _phase && snapshot.Elapsed < _due)
        {
            return;
        }

        _phase = snapshot.Phase;
        _due = snapshot.Elapsed + Every;
        output.WriteLine(Status(snapshot));
        output.Flush();
    }

    /// <inheritdoc/>
    public void Close() => output.Flush();

    private static string Status(RunSnapshot s)
    {
        var parts = new List<string> { $"{TerminalText.Clean(s.Scenario)} {TerminalText.Clock(s.Elapsed)} of {TerminalText.Clock(s.Duration)} {TerminalText.Clean(s.Phase)}" };
        var working = s.Paths.Where(p => p.IsWorking).Select(p => TerminalText.Clean(p.Name)).ToList();
        if (working.Count > 0)
        {
            parts.Add("path " + string.Join(", ", working));
        }

        parts.AddRange(s.Flows.Where(f => SilenceText.IsDown(s, f)).Select(f => $"{TerminalText.Clean(f.Name)} {SilenceText.Of(s, f)}"));
        if (s.Next is { } next)
        {
            parts.Add($"next in {TerminalText.Clock(next.At - s.Elapsed)}: {TerminalText.Clean(next.Text)}");
        }

        return "-- " + string.Join("; ", parts);
    }
}
