using FailoverLab.Results;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>The colour of a verdict.</summary>
internal static class VerdictStyle
{
    /// <summary>Green, red, yellow; plain without a verdict.</summary>
    public static Style Of(Verdict? verdict) => verdict switch
    {
        Verdict.Pass => new Style(Color.Green, decoration: Decoration.Bold),
        Verdict.Fail => new Style(Color.Red, decoration: Decoration.Bold),
        null => Style.Plain,
        _ => new Style(Color.Yellow, decoration: Decoration.Bold),
    };
}
