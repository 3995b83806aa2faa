using System.Xml.Linq;

namespace FailoverLab.Architecture.Tests;

/// <summary>The repository as files, found from the test's own place.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> SourceFiles(params string[] folders) =>
        folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    public static IReadOnlyList<string> SourceProjects() =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(d => Path.GetFileName(d)!["FailoverLab.".Length..]).Order(StringComparer.Ordinal)];

    public static XDocument Project(string name) =>
        XDocument.Load(Path.Combine(Root, "src", $"FailoverLab.{name}", $"FailoverLab.{name}.csproj"));

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "FailoverLab.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("FailoverLab.sln was not found above the test.");
    }
}
