namespace FailoverLab.Reports;

/// <summary>The frame of a table of figures; on a narrow screen it scrolls by itself instead of the page.</summary>
internal static class DataTable
{
    /// <summary>Opens it; rows follow.</summary>
    /// <param name="w">The page.</param>
    /// <param name="heads">Heads of the columns; one that starts with <c>&gt;</c> stands over figures and is set to the right.</param>
    public static void Open(MarkupWriter w, params ReadOnlySpan<string> heads)
    {
        w.Add($"""<div class="wide"><table><thead><tr>""");
        foreach (var head in heads)
        {
            if (head.StartsWith('>'))
            {
                w.Add($"""<th class="n">{head[1..]}</th>""");
            }
            else
            {
                w.Add($"<th>{head}</th>");
            }
        }

        w.Line($"</tr></thead><tbody>");
    }

    /// <summary>Closes it.</summary>
    public static void Close(MarkupWriter w) => w.Line($"</tbody></table></div>");
}
