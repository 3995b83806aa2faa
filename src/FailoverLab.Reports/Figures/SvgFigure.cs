namespace FailoverLab.Reports;

/// <summary>One figure, fit for a page (styled by it) and for a file of its own (brings its style).</summary>
/// <param name="Id">Unique in the page; also the file's name.</param>
/// <param name="Title">What it shows, short.</param>
/// <param name="Description">What is to be seen in it, for readers who cannot see it.</param>
/// <param name="Width">User units.</param>
/// <param name="Height">User units.</param>
/// <param name="Body">Its shapes.</param>
internal sealed record SvgFigure(string Id, string Title, string Description, double Width, double Height, Markup Body)
{
    /// <summary>The element for a page.</summary>
    public Markup Inline() => Element(standalone: false);

    /// <summary>The whole file, with its own style.</summary>
    public string File() => """<?xml version="1.0" encoding="UTF-8"?>""" + "\n" + Element(standalone: true).Text;

    private Markup Element(bool standalone)
    {
        var w = new MarkupWriter();
        var space = standalone ? new Markup(" xmlns=\"http://www.w3.org/2000/svg\"") : Markup.Empty;
        w.Add($"""<svg{space} class="figure" id="{Id}" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="{Id}-t {Id}-d">""");
        w.Line($"""<title id="{Id}-t">{Title}</title><desc id="{Id}-d">{Description}</desc>""");
        if (standalone)
        {
            w.Line($"""<style>{new Markup(Resource.Text("figure.css"))}</style><rect class="paper" width="{Width}" height="{Height}"/>""");
        }

        w.Add($"{Body}</svg>");
        return w.ToMarkup();
    }
}
