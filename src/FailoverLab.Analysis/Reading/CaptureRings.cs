namespace FailoverLab.Analysis;

/// <summary>Tells ring sets, files of one capture that a tool began anew now and then, from captures of several points.</summary>
public static class CaptureRings
{
    /// <summary>Groups files: those whose names differ in digits only and whose times do not overlap are one ring set; every other file is its own group.</summary>
    /// <param name="files">Files that exist, in any order, each once.</param>
    /// <returns>The groups, each in order of time; in order of their first file's place.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<string> files) =>
        [.. CaptureChains.Rings(files).OrderBy(g => g.Min(f => files.ToList().IndexOf(f)))];
}
