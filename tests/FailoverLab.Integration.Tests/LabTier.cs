using FailoverLab.EmbeddedLab;

namespace FailoverLab.Integration.Tests;

/// <summary>Skips a test where the embedded lab cannot run, and says why.</summary>
internal static class LabTier
{
    private static readonly Lazy<IReadOnlyList<string>> Faults = new(LabPreflight.Check);

    public static void Require()
    {
        if (Faults.Value.Count > 0)
        {
            Assert.Ignore($"the embedded lab cannot run here: {string.Join("; ", Faults.Value)}");
        }
    }

    public static void RequireRoot()
    {
        Require();
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("this test changes user or mounts, which needs root");
        }
    }

    public static void RequireTool(string file)
    {
        if (!File.Exists(file))
        {
            Assert.Ignore($"{file} is not installed");
        }
    }
}
