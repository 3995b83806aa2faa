using FailoverLab.Packets;

namespace FailoverLab.Cli;

/// <summary>
/// A file that gets its name only when it is whole: it is written beside and then put there, so that nothing is lost of what had the name before, nor of a
/// file that is still being read. What is no file (<c>/dev/stdout</c>, a pipe) is written as it is.
/// </summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string _path;
    private readonly string? _beside;
    private bool _isPut;

    /// <summary>Begins to write.</summary>
    /// <param name="path">The file's name.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public WholeFile(string path)
    {
        _path = CaptureLocation.Resolve(path);
        if (File.Exists(path))
        {
            var there = new FileStream(path, FileMode.Open, FileAccess.Write);
            Stream = there;
            if (IsDevice(_path) || !there.CanSeek) return;
            there.Dispose();
        }

        _beside = _path + ".partial";
        Stream = new FileStream(_beside, FileMode.Create, FileAccess.Write);
    }

    /// <summary>To be written, and closed before <see cref="Put"/>.</summary>
    public FileStream Stream { get; }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="IOException">It cannot be moved there.</exception>
    public void Put()
    {
        if (_beside is not null) File.Move(_beside, _path, overwrite: true);
        _isPut = true;
    }

    /// <summary>Takes away what was not put.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isPut && _beside is not null) File.Delete(_beside);
    }

    private static bool IsDevice(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
