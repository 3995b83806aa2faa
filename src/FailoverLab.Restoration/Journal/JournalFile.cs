using System.Text;
using FailoverLab.Linux;

namespace FailoverLab.Restoration;

/// <summary>Appends to one journal file. A record counts once <see cref="Append"/> has returned: it is on the disk then. Not thread-safe.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly FileStream _file;
    private bool _mayBeTorn;
    private bool _wasTorn;
    private long _end;

    /// <summary>Opens or makes the file, readable by its owner alone: undo commands tell what a lab looks like.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isAlone">Whether nobody else may have it open: a run that is at work, another recovery.</param>
    /// <param name="flush">Puts a folder's entries on the disk; absent = <see cref="FolderFlush"/>.</param>
    /// <exception cref="IOException">It cannot be written, or somebody else has it.</exception>
    /// <exception cref="UnauthorizedAccessException">Not allowed to.</exception>
    public JournalFile(string path, bool isAlone, Action<string>? flush = null)
    {
        Path = path;
        var changed = Changed(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        Directory.CreateDirectory(changed[0]);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = isAlone ? FileShare.None : FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        try
        {
            // Records flushed into a file that no folder names after a power cut would announce nothing.
            flush ??= OperatingSystem.IsLinux() ? FolderFlush.ToDisk : _ => { };
            changed.ForEach(flush);
            Begin();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Appends to a file that is open.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">It, unbuffered; closed with this.</param>
    internal JournalFile(string path, FileStream file)
    {
        Path = path;
        _file = file;
        Begin();
    }

    /// <summary>The folder of the file, and each above it that gets an entry when it is made.</summary>
    private static List<string> Changed(string folder)
    {
        List<string> changed = [folder];
        while (!Directory.Exists(changed[^1]) && System.IO.Path.GetDirectoryName(changed[^1]) is { } above)
        {
            changed.Add(above);
        }

        return changed;
    }

    private void Begin()
    {
        // Whoever wrote it before may have died in the middle of a line; the next record begins a new one.
        _mayBeTorn = _file.Length > 0;
        _end = _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Writes a record and waits until the disk has it.</summary>
    /// <exception cref="IOException">The disk did not take it, perhaps in part; what it announces must not be done. <see cref="TakeBack"/> takes it away.</exception>
    public void Append(JournalRecord record)
    {
        var line = Encoding.UTF8.GetBytes((_mayBeTorn ? "\n" : "") + JournalLine.Write(record) + "\n");
        (_wasTorn, _end) = (_mayBeTorn, _file.Position);
        _mayBeTorn = true;
        _file.Write(line);
        _file.Flush(flushToDisk: true);
        _mayBeTorn = false;
    }

    /// <summary>Takes the last record away again, or what there is of it: it could not be written everywhere.</summary>
    /// <returns>Whether that could be done; if not, its number must not be given again.</returns>
    public bool TakeBack()
    {
        try
        {
            // A file that is made shorter needs no room.
            _file.SetLength(_end);
            _file.Seek(_end, SeekOrigin.Begin);
            _mayBeTorn = _wasTorn;
            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Everything in the file; the next record goes to its end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] ReadAll()
    {
        var bytes = new byte[_file.Length];
        _file.Seek(0, SeekOrigin.Begin);
        _file.ReadExactly(bytes);
        _end = bytes.Length;
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
