using System.Globalization;
using System.Text;

namespace FailoverLab.Testing;

/// <summary>Writes the archive a Linux kernel unpacks as its first root (cpio, form <c>newc</c>).</summary>
public sealed class CpioArchive(Stream to)
{
    private const int Directory = 0x4000;
    private const int Regular = 0x8000;
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private int _node;

    /// <summary>Adds a file and the directories above it.</summary>
    /// <param name="path">Path without a first slash.</param>
    /// <param name="content">Its content.</param>
    /// <param name="isProgram">Whether it may be executed.</param>
    public void Add(string path, ReadOnlySpan<byte> content, bool isProgram)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_directories.Add(path[..slash]))
            {
                Entry(path[..slash], Directory | 0x1ED, []);
            }
        }

        Entry(path, Regular | (isProgram ? 0x1ED : 0x1A4), content);
    }

    /// <summary>Ends the archive.</summary>
    public void Finish() => Entry("TRAILER!!!", 0, []);

    private void Entry(string name, int mode, ReadOnlySpan<byte> content)
    {
        var bytes = Encoding.UTF8.GetBytes(name + "\0");
        int[] fields = [++_node, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, bytes.Length, 0];
        var header = "070701" + string.Concat(fields.Select(f => f.ToString("X8", CultureInfo.InvariantCulture)));
        to.Write(Encoding.ASCII.GetBytes(header));
        to.Write(bytes);
        Pad(header.Length + bytes.Length);
        to.Write(content);
        Pad(content.Length);
    }

    private void Pad(int length) => to.Write(new byte[(4 - (length % 4)) % 4]);
}
