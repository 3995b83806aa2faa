using System.Globalization;
using System.Text;

namespace FailoverLab.Runner;

/// <summary>The directory of one run: everything a report is made from.</summary>
public sealed class RunDirectory
{
    private const int ReserveBytes = 4 << 20;

    private RunDirectory(string path)
    {
        Path = path;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Name of the directory: the run's id.</summary>
    public string RunId => System.IO.Path.GetFileName(Path);

    private string Reserve => File(".reserve");

    /// <summary>Makes <c>&lt;root&gt;/&lt;UTC yyyyMMdd-HHmmss&gt;-&lt;scenario&gt;</c> and points <c>&lt;root&gt;/latest</c> at it.</summary>
    /// <param name="root">Where runs are kept; made when missing.</param>
    /// <param name="scenario">Scenario name.</param>
    /// <param name="startedAt">Start of the run.</param>
    /// <exception cref="IOException">The directory cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Not allowed to.</exception>
    public static RunDirectory Create(string root, string scenario, DateTimeOffset startedAt)
    {
        var stamp = startedAt.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var name = $"{stamp}-{scenario}";
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, name));
        var directory = new RunDirectory(path);
        for (var n = 2; !directory.TryTake(); n++)
        {
            directory = new RunDirectory(path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, $"{name}-{n}")));
        }

        PointLatest(root, System.IO.Path.GetFileName(path));
        return directory;
    }

    /// <summary>Absolute path of a file in the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Gives the reserved room back; call it before the report is written.</summary>
    public void ReleaseReserve() => System.IO.File.Delete(Reserve);

    /// <summary>Keeps a copy of an input file as run, with secrets replaced.</summary>
    /// <param name="source">The file.</param>
    /// <param name="name">Its name in the directory.</param>
    public void Keep(string source, string name) =>
        System.IO.File.WriteAllText(File(name), SecretText.Redact(System.IO.File.ReadAllText(source)), Encoding.UTF8);

    /// <summary>Takes the directory for this run, if nobody has it: of two runs that begin at the same moment one makes the file, which is room for the report on a disk that the captures fill.</summary>
    private bool TryTake()
    {
        if (System.IO.Directory.Exists(Path) && !System.IO.File.Exists(Reserve))
        {
            return false;
        }

        System.IO.Directory.CreateDirectory(Path);
        FileStream reserve;
        try
        {
            reserve = new FileStream(Reserve, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (System.IO.File.Exists(Reserve))
        {
            return false;
        }

        using (reserve)
        {
            reserve.Write(new byte[ReserveBytes]);
        }

        return true;
    }

    private static void PointLatest(string root, string name)
    {
        var link = System.IO.Path.Combine(root, "latest");
        try
        {
            if (new FileInfo(link).LinkTarget is not null)
            {
                System.IO.File.Delete(link);
            }

            if (!System.IO.Path.Exists(link))
            {
                System.IO.File.CreateSymbolicLink(link, name);
            }
        }
        catch (IOException)
        {
            // A convenience: file systems without links do without.
        }
    }
}
