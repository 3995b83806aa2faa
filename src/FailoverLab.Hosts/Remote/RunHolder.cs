namespace FailoverLab.Hosts;

/// <summary>Who uses hosts, for other runs to be told.</summary>
/// <param name="Run">The run's name; no two runs have the same.</param>
/// <param name="Owner">Who started it: <c>user@machine</c>.</param>
public sealed record RunHolder(string Run, string Owner)
{
    /// <summary>Whoever runs this program.</summary>
    public static string Me { get; } = $"{Environment.UserName}@{Environment.MachineName}";
}
