namespace FailoverLab.Cli;

/// <summary>Says why a run was refused before anything was started.</summary>
internal static class Refusal
{
    public static void Print(IReadOnlyList<string> faults, TextWriter error)
    {
        error.WriteLine("Nothing was started. The embedded lab cannot run here:");
        foreach (var fault in faults)
        {
            error.WriteLine($"  - {fault}");
        }
    }
}
