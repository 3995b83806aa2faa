using System.Text.RegularExpressions;

namespace FailoverLab.Architecture.Tests;

/// <summary>The dependency table in docs/ARCHITECTURE.md is the truth; the projects must agree with it.</summary>
public sealed partial class DependencyTests
{
    private static readonly Dictionary<string, (string[] Projects, string[] Foreign)> Table = ReadTable();

    [Test]
    public void Table_EveryProject_HasARow() =>
        Assert.That(Table.Keys.Order(StringComparer.Ordinal), Is.EqualTo(Repository.SourceProjects()));

    [TestCaseSource(typeof(Repository), nameof(Repository.SourceProjects))]
    public void Project_References_AreThoseOfTheTable(string project)
    {
        var document = Repository.Project(project);

        var projects = document.Descendants("ProjectReference").Select(r => NameOf(r.Attribute("Include")!.Value)).Order(StringComparer.Ordinal);
        var foreign = document.Descendants("PackageReference").Concat(document.Descendants("FrameworkReference"))
            .Select(r => r.Attribute("Include")!.Value).Order(StringComparer.Ordinal);

        Assert.That(Table, Contains.Key(project));
        Assert.That(projects, Is.EqualTo(Table[project].Projects));
        Assert.That(foreign, Is.EqualTo(Table[project].Foreign));
    }

    [Test]
    public void UnsafeCode_OutsideLinux_IsNotAllowed()
    {
        var allowed = Repository.SourceProjects()
            .Where(p => Repository.Project(p).Descendants("AllowUnsafeBlocks").Any(e => e.Value == "true"));

        Assert.That(allowed, Is.EqualTo(new[] { "Linux" }));
    }

    [Test]
    public void PlatformInvoke_OutsideLinux_IsNotUsed()
    {
        var files = Repository.SourceFiles("src")
            .Where(f => !f.Contains("/FailoverLab.Linux/", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(File.ReadAllText(f), @"\b(LibraryImport|DllImport)\b"))
            .Select(Repository.Relative);

        Assert.That(files, Is.Empty);
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["FailoverLab.".Length..];

    private static Dictionary<string, (string[], string[])> ReadTable()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "ARCHITECTURE.md")).Select(l => Row().Match(l)).Where(m => m.Success);
        return rows.ToDictionary(m => m.Groups["name"].Value, m => (List(m.Groups["projects"].Value), List(m.Groups["foreign"].Value)));
    }

    private static string[] List(string cell) =>
        [.. cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(c => c != "—").Order(StringComparer.Ordinal)];

    // | `Name` | what it is | references | foreign |
    [GeneratedRegex(@"^\| `(?<name>\w+)` \|[^|]*\|(?<projects>[^|]*)\|(?<foreign>[^|]*)\|$")]
    private static partial Regex Row();
}
