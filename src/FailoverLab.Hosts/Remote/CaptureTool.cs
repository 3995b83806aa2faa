using System.Globalization;
using System.Text.RegularExpressions;

namespace FailoverLab.Hosts;

/// <summary>The capturing program of a host: its command line and what it says at the end. Pure.</summary>
internal static partial class CaptureTool
{
    /// <summary>
    /// The kernel hands packets over in blocks, up to a second after they came (tcpdump; dumpcap: a quarter of it), and an interrupted program drops without a word what
    /// it was not handed: it is let run so much longer.
    /// </summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1.2);

    /// <summary>Name of the best one that is there, or <see langword="null"/>. dumpcap says so when the disk is full; tcpdump does not.</summary>
    public static string? Of(IReadOnlySet<string> tools) => tools.Contains("dumpcap") ? "dumpcap" : tools.Contains("tcpdump") ? "tcpdump" : null;

    /// <summary>The command that captures until it is interrupted, into a ring of files: where that is full, the oldest gives way.</summary>
    /// <param name="tool">Name of the program.</param>
    /// <param name="interfaceName">Interface.</param>
    /// <param name="snapLength">Bytes kept of each packet.</param>
    /// <param name="file">Where it writes, on the host; each file's name begins so, up to the last dot at least.</param>
    /// <param name="maxBytes">Room for the whole ring.</param>
    /// <param name="isRoot">Whether it runs as root: tcpdump would become another user and could not write.</param>
    public static IReadOnlyList<string> Command(string tool, string interfaceName, int snapLength, string file, long maxBytes, bool isRoot)
    {
        string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        var each = maxBytes / CaptureRoom.Files;
        return tool == "dumpcap"
            ? ["dumpcap", "-q", "-B", "16", "-i", interfaceName, "-s", Number(snapLength), "-b", $"filesize:{Number(each / 1000)}", "-b", $"files:{Number(CaptureRoom.Files)}", "-w", file]
            : ["tcpdump", "-n", "-B", "16384", "--time-stamp-precision=nano", .. isRoot ? (string[])["-Z", "root"] : [],
               "-i", interfaceName, "-s", Number(snapLength), "-C", Number(each / 1_000_000), "-W", Number(CaptureRoom.Files), "-w", file];
    }

    /// <summary>What it counted: packets written, packets dropped; nothing where it did not say.</summary>
    public static (long? Written, long? Dropped) Counters(string error)
    {
        // tcpdump: "12 packets captured", "0 packets dropped by kernel". dumpcap: "Packets captured: 12", "Packets received/dropped on interface 'x': 12/0 (...".
        var written = Find(TcpdumpWritten(), error) ?? Find(DumpcapWritten(), error);
        var dropped = Find(TcpdumpDropped(), error) ?? Find(DumpcapDropped(), error);
        return (written, dropped);
    }

    private static long? Find(Regex regex, string text) =>
        regex.Matches(text) is [.., { } last] && long.TryParse(last.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"(\d+) packets? captured")]
    private static partial Regex TcpdumpWritten();

    [GeneratedRegex(@"(\d+) packets? dropped by kernel")]
    private static partial Regex TcpdumpDropped();

    [GeneratedRegex(@"Packets captured: (\d+)")]
    private static partial Regex DumpcapWritten();

    [GeneratedRegex(@"Packets received/dropped on interface .*: \d+/(\d+)")]
    private static partial Regex DumpcapDropped();
}
