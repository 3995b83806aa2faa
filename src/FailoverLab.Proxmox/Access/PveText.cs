namespace FailoverLab.Proxmox;

/// <summary>Text of a host that may be anything, made fit for one line of a terminal.</summary>
internal static class PveText
{
    /// <summary>Control characters become spaces, runs of white space one; cut at <paramref name="most"/> characters.</summary>
    public static string Clean(string text, int most = 400)
    {
        var kept = new System.Text.StringBuilder(Math.Min(text.Length, most + 1));
        foreach (var c in text)
        {
            var isBlank = char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
            if (!isBlank)
            {
                kept.Append(c);
            }
            else if (kept.Length > 0 && kept[^1] != ' ')
            {
                kept.Append(' ');
            }

            if (kept.Length > most)
            {
                return kept.ToString(0, most) + "…";
            }
        }

        return kept.ToString().TrimEnd();
    }
}
