namespace FailoverLab.Reports;

/// <summary>Texts embedded in this assembly.</summary>
internal static class Resource
{
    /// <summary>The whole text, line ends as line feeds.</summary>
    /// <param name="name">File name under Resources.</param>
    public static string Text(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
