using FailoverLab.EmbeddedLab;

namespace FailoverLab.Cli;

/// <summary>A running link of <c>wan</c>.</summary>
/// <param name="Pair">Its interfaces.</param>
/// <param name="Steered">It.</param>
/// <param name="Failed">Completes, with why, when the link ends by itself.</param>
internal sealed record RunningPair(WanPair Pair, SteeredLink Steered, Task<string> Failed)
{
    /// <summary>Why it ended by itself; <see langword="null"/> when it did not.</summary>
    public string? Failure => Failed.IsCompletedSuccessfully ? Failed.Result : null;
}
