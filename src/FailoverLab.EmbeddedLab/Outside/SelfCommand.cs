using System.Reflection;

namespace FailoverLab.EmbeddedLab;

/// <summary>How this program starts itself again.</summary>
/// <param name="File">Program file: the published single file, the build's own host, or <c>dotnet</c>.</param>
/// <param name="Arguments">Arguments before the verb; the program's DLL when <paramref name="File"/> is <c>dotnet</c>.</param>
public sealed record SelfCommand(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>Finds it from the running process.</summary>
    /// <param name="entry">The program's entry assembly.</param>
    /// <exception cref="InvalidOperationException">The running program has no file (it cannot start itself).</exception>
    public static SelfCommand Of(Assembly entry)
    {
        var process = Environment.ProcessPath ?? throw new InvalidOperationException("The running program's file is unknown.");
        var isDotnet = Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var name = entry.GetName().Name;
        var dll = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (isDotnet)
        {
            return new SelfCommand(process, [dll]);
        }

        // Inside a test runner the process is the runner's host, not this program: start the program's DLL with dotnet.
        return Path.GetFileNameWithoutExtension(process) == name
            ? new SelfCommand(process, [])
            : new SelfCommand("dotnet", [dll]);
    }
}
