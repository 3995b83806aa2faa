using System.Security.Cryptography;

namespace FailoverLab.Restoration;

/// <summary>The name under which a run holds hosts and keeps its journal.</summary>
public static class RunName
{
    /// <summary>
    /// A run's id with something drawn behind it. Two operators, or two lines of a crontab, make the same id in the same second; a host that is held under it by
    /// the one would be taken for its own by the other.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <returns><c>ID-xxxxxxxx</c>, eight hexadecimal digits.</returns>
    public static string Unique(string runId) => $"{runId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
}
