namespace FailoverLab.Hosts.Tests;

/// <summary>A far side that lacks programs which this machine has.</summary>
internal static class ProgramsBut
{
    /// <summary>Shell text that leaves all programs but some; for the start of a <see cref="SshServer"/>.</summary>
    /// <param name="folder">Where links to the others are put.</param>
    /// <param name="missing">Names of those that are not there.</param>
    public static string Of(string folder, params string[] missing)
    {
        var programs = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        foreach (var program in Directory.EnumerateFiles("/usr/bin").Where(p => !missing.Contains(Path.GetFileName(p))))
        {
            File.CreateSymbolicLink(Path.Combine(programs, Path.GetFileName(program)), program);
        }

        return $"export PATH={programs}";
    }
}
