using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Reports;

/// <summary>The frame of every page: one file, nothing fetched, nothing run but our own style and script, both pinned by hash.</summary>
internal static class PageShell
{
    /// <summary>The whole document.</summary>
    /// <param name="title">Browser tab's title.</param>
    /// <param name="originNs">T+0, ns since the Unix epoch, for the script's readout; <see langword="null"/> where unknown.</param>
    /// <param name="body">Header, main and footer.</param>
    public static string Wrap(string title, long? originNs, Markup body)
    {
        var style = Resource.Text("figure.css") + Resource.Text("report.css");
        var script = Resource.Text("report.js");
        var policy = $"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; img-src data:; base-uri 'none'; form-action 'none'";
        var origin = originNs is { } ns ? new MarkupWriter().Add($""" data-origin-ms="{ns / 1_000_000}" """).ToMarkup() : Markup.Empty;
        var w = new MarkupWriter();
        w.Line($"""<!DOCTYPE html>""");
        w.Line($"""<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{new Markup(policy)}">""");
        w.Line($"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>{title}</title>""");
        w.Line($"""<style>{new Markup(style)}</style></head><body{origin}>""");
        w.Add($"{body}").Line($"<script>{new Markup(script)}</script></body></html>");
        return w.Target.ToString();
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
