using System.Text;
using FailoverLab.Results;
using FailoverLab.Runner;
using Spectre.Console.Rendering;

namespace FailoverLab.Cli;

/// <summary>A run on a terminal: a frame redrawn in place, events scrolling by above it.</summary>
/// <param name="output">The terminal.</param>
/// <param name="width">Columns now.</param>
public sealed class LiveView(TextWriter output, Func<int> width) : IRunView
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ToLineEnd = "\e[K";
    private const string ToScreenEnd = "\e[J";
    private readonly List<string> _frame = [];
    private int _drawn;
    private bool _closed;

    /// <inheritdoc/>
    public void OnEvent(RunEvent e) => Draw(TerminalText.Line(e));

    /// <inheritdoc/>
    public void Refresh(RunSnapshot snapshot)
    {
        var columns = Math.Clamp(width() - 1, 40, 120);
        _frame.Clear();
        _frame.AddRange(Render(LiveFrame.Of(snapshot, columns), columns));
        Draw(above: null);
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        output.Write(ShowCursor);
        output.Flush();
    }

    private static IEnumerable<string> Render(IRenderable renderable, int columns)
    {
        using var text = new StringWriter();
        TerminalConsole.On(text, columns, colour: true).Write(renderable);
        return text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'));
    }

    /// <summary>One write per frame, each line cleared only behind its end: nothing flickers.</summary>
    private void Draw(string? above)
    {
        if (_closed)
        {
            return;
        }

        var text = new StringBuilder(HideCursor);
        if (_drawn > 0)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\e[{_drawn}A");
        }

        text.Append('\r');
        if (above is not null)
        {
            text.Append(above).Append(ToLineEnd).Append('\n');
        }

        foreach (var line in _frame)
        {
            text.Append(line).Append(ToLineEnd).Append('\n');
        }

        text.Append(ToScreenEnd);
        _drawn = _frame.Count;
        output.Write(text);
        output.Flush();
    }
}
