using System.Globalization;
using FailoverLab.Runner;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FailoverLab.Cli;

/// <summary>What a live view shows of a snapshot.</summary>
internal static class LiveFrame
{
    private static readonly Style Soft = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Warn = new(Color.Yellow);

    /// <summary>The frame.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="columns">Width to fill.</param>
    public static IRenderable Of(RunSnapshot snapshot, int columns)
    {
        var parts = new List<IRenderable> { new Text(string.Empty), Header(snapshot, columns), Next(snapshot) };
        if (snapshot.Paths.Count > 0)
        {
            parts.AddRange([new Text(string.Empty), Paths(snapshot)]);
        }

        if (snapshot.Flows.Count > 0)
        {
            parts.AddRange([new Text(string.Empty), Flows(snapshot)]);
        }

        return new Rows(parts);
    }

    private static Paragraph Header(RunSnapshot s, int columns)
    {
        var times = $"  {TerminalText.Clock(s.Elapsed)} / {TerminalText.Clock(s.Duration)}";
        var title = TerminalText.Clean(s.Scenario);
        var phase = TerminalText.Clean(s.Phase);
        var bar = Math.Max(8, columns - title.Length - phase.Length - times.Length - 6);
        var done = s.Duration > TimeSpan.Zero ? (int)(Math.Clamp(s.Elapsed / s.Duration, 0, 1) * bar) : 0;
        return new Paragraph()
            .Append(" " + title, Strong).Append("  " + phase + "  ", Soft)
            .Append(new string('━', done), Good).Append(new string('─', bar - done), Soft).Append(times);
    }

    private static Paragraph Next(RunSnapshot s)
    {
        var line = new Paragraph();
        return s.Next is { } next
            ? line.Append(" next in ", Soft).Append($"{TerminalText.Clock(s.Elapsed - next.At)} s", Warn).Append($"  {TerminalText.Clean(next.Text)}")
            : line.Append(s.Phase == "running" ? " no step left" : string.Empty, Soft);
    }

    private static Grid Paths(RunSnapshot s)
    {
        var grid = Columns(5);
        Row(grid, Soft, "", "path", "condition", "up", "down");
        foreach (var path in s.Paths)
        {
            var condition = path.Condition == "good" ? Good : Warn;
            grid.AddRow(
                new Text(path.IsWorking ? "▶" : " ", Good), new Text(TerminalText.Clean(path.Name), path.IsWorking ? Strong : Style.Plain),
                new Text(TerminalText.Clean(path.Condition), condition), Number(path.UpPackets), Number(path.DownPackets));
        }

        return grid;
    }

    private static Grid Flows(RunSnapshot s)
    {
        var grid = Columns(5);
        Row(grid, Soft, "", "flow", "", "sent", "received");
        foreach (var flow in s.Flows)
        {
            var down = SilenceText.IsDown(s, flow);
            grid.AddRow(
                new Text(down ? "✗" : " ", Bad), new Text(TerminalText.Clean(flow.Name)),
                new Text(SilenceText.Of(s, flow), down ? Bad : Soft), Number(flow.Sent), Number(flow.Received));
        }

        return grid;
    }

    private static Grid Columns(int count)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Width = 1, Padding = new Padding(1, 0, 1, 0), NoWrap = true });
        grid.AddColumn(new GridColumn { Width = 18, NoWrap = true });
        grid.AddColumn(new GridColumn { Width = 30, NoWrap = true });
        for (var i = 3; i < count; i++)
        {
            grid.AddColumn(new GridColumn { Width = 10, Alignment = Justify.Right, NoWrap = true });
        }

        return grid;
    }

    private static void Row(Grid grid, Style style, params string[] cells) =>
        grid.AddRow([.. cells.Select(c => new Text(c, style))]);

    private static Text Number(long value) => new(value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' '));
}
