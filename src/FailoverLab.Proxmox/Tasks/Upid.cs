using System.Globalization;
using System.Text.RegularExpressions;

namespace FailoverLab.Proxmox;

/// <summary>Name of a task of a PVE host: <c>UPID:node:pid:pstart:start:type:id:user:</c>, numbers in hexadecimal.</summary>
public sealed partial record Upid
{
    internal const string Pattern = "UPID:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\\s]+:[^:\\s]*:[^:\\s]+:";
    private const int MaxLength = 400;

    private Upid(string text, string[] parts)
    {
        Text = text;
        Node = parts[1];
        Pid = long.Parse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        StartedAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        (Type, Id, User) = (parts[5], parts[6], parts[7]);
    }

    /// <summary>As the host wrote it.</summary>
    public string Text { get; }

    /// <summary>The node the task runs on; not always the one that was asked.</summary>
    public string Node { get; }

    /// <summary>Its process there.</summary>
    public long Pid { get; }

    /// <summary>When it began, the node's clock, whole seconds.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What it does: <c>qmstart</c>, <c>qmsnapshot</c>.</summary>
    public string Type { get; }

    /// <summary>What it does it to, for machines the number; may be empty.</summary>
    public string Id { get; }

    /// <summary>Who asked for it.</summary>
    public string User { get; }

    /// <summary>Reads a task's name.</summary>
    /// <param name="text">As the host wrote it.</param>
    /// <returns>The name, or <see langword="null"/> where the text is none.</returns>
    public static Upid? Parse(string text) => text.Length <= MaxLength && Form().IsMatch(text) ? new Upid(text, text.Split(':')) : null;

    /// <summary>As the host wrote it.</summary>
    public override string ToString() => Text;

    [GeneratedRegex(@"\A" + Pattern + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
