using System.Reflection;
using System.Runtime.InteropServices;

namespace FailoverLab.State;

/// <summary>
/// SQLite's own library. It lies beside the program; where the program was put on a host as one file, it is unpacked out of that file.
/// </summary>
internal static class SqliteLibrary
{
    private const string Name = "e_sqlite3";

    private static readonly Lock Gate = new();
    private static bool _isReady;

    // Only the program as it is published knows for which platform it is, and has the library in it (FailoverLab.csproj).
    private static Assembly? Program => Assembly.GetEntryAssembly();

    /// <summary>Makes SQLite callable; does nothing the second time.</summary>
    /// <exception cref="StateFileException">It is neither beside the program nor in it, or cannot be unpacked.</exception>
    public static void Prepare()
    {
        lock (Gate)
        {
            if (_isReady)
            {
                return;
            }

            if (Program?.GetManifestResourceInfo(Name) is not null)
            {
                NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Load);
            }

            SQLitePCL.Batteries_V2.Init();
            _isReady = true;
        }
    }

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path) =>
        name != Name ? 0 : NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, $"lib{Name}.so"), out var beside) ? beside : Unpack();

    // Loaded once, its file is not needed any more: nothing stays on the host.
    private static nint Unpack()
    {
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("failoverlab-");
            var file = Path.Combine(folder.FullName, $"lib{Name}.so");
            using (var from = Program!.GetManifestResourceStream(Name)!)
            using (var to = File.Create(file))
            {
                from.CopyTo(to);
            }

            return NativeLibrary.Load(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new StateFileException($"SQLite's library cannot be loaded out of {Path.GetTempPath()} ({problem.Message}): set TMPDIR to a folder where programs may run", problem);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }
}
