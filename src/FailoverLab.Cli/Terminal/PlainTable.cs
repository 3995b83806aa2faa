using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>Tables with a line under their head and no other border; every cell is cleaned.</summary>
internal static class PlainTable
{
    /// <summary>A table with these heads.</summary>
    public static Table Make(params string[] heads)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false };
        table.BorderStyle = new Style(Color.Grey);
        foreach (var head in heads)
        {
            table.AddColumn(new TableColumn(new Text(head, new Style(Color.Grey))));
        }

        return table;
    }

    /// <summary>Adds a row of foreign strings.</summary>
    public static void Add(Table table, params string[] cells) => table.AddRow([.. cells.Select(c => new Text(TerminalText.Clean(c)))]);
}
