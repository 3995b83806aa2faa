using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>What a command said when it failed, as one line.</summary>
internal static class Complaint
{
    public static string Of(ShellResult result)
    {
        if (result.TimedOut)
        {
            return "did not end in time";
        }

        var words = result.Error.Trim().ReplaceLineEndings(" ");
        return words.Length == 0 ? $"status {result.Status}" : words.Length <= 300 ? words : words[..297] + "...";
    }
}
