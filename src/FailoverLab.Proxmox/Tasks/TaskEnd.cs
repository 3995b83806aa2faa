using System.Globalization;

namespace FailoverLab.Proxmox;

/// <summary>How a task ended.</summary>
/// <param name="Task">Which.</param>
/// <param name="ExitStatus">In the host's words: <c>OK</c>, <c>WARNINGS: 2</c>, or what went wrong.</param>
/// <param name="Log">The last lines it printed, at most <see cref="MaxLines"/>.</param>
public sealed record TaskEnd(Upid Task, string ExitStatus, IReadOnlyList<string> Log)
{
    /// <summary>Most lines kept of a log.</summary>
    public const int MaxLines = 20;

    private const string WarningsPrefix = "WARNINGS:";

    /// <summary>Whether it did what it should, perhaps with warnings.</summary>
    public bool IsSuccess => ExitStatus == "OK" || Warnings > 0;

    /// <summary>How many warnings it printed; 0 also where it failed.</summary>
    public int Warnings =>
        ExitStatus.StartsWith(WarningsPrefix, StringComparison.Ordinal)
        && int.TryParse(ExitStatus.AsSpan(WarningsPrefix.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
