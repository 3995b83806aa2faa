namespace FailoverLab.Restoration;

/// <summary>The difference of two states as lines.</summary>
internal static class StateDifference
{
    /// <summary>Lines before that are missing now (<c>-</c>), and lines now that were not there before (<c>+</c>).</summary>
    /// <param name="before">The state before.</param>
    /// <param name="now">The state now.</param>
    public static IEnumerable<string> Lines(string before, string now)
    {
        var was = before.Split('\n');
        var has = now.Split('\n');
        return was.Where(l => !has.Contains(l)).Select(l => "- " + l).Concat(has.Where(l => !was.Contains(l)).Select(l => "+ " + l));
    }
}
