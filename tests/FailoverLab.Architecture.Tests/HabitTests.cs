using System.Text.RegularExpressions;

namespace FailoverLab.Architecture.Tests;

/// <summary>The repository's own habits (CONTRIBUTING.md), held by tests rather than by memory.</summary>
public sealed partial class HabitTests
{
    private const int MaxFileLines = 500;
    private const int MaxMedianLines = 80;

    private static readonly string[] Everything = ["src", "tests", "lab"];

    [Test]
    public void File_Length_StaysReadable()
    {
        var lengths = Repository.SourceFiles("src").Select(f => (File: Repository.Relative(f), Lines: File.ReadLines(f).Count())).ToList();

        Assert.That(lengths.Where(f => f.Lines > MaxFileLines), Is.Empty);
        Assert.That(lengths.Select(f => f.Lines).Order().ElementAt(lengths.Count / 2), Is.LessThanOrEqualTo(MaxMedianLines));
    }

    [Test]
    public void File_PublicType_IsNamedForIt()
    {
        var wrong = Repository.SourceFiles("src")
            .Select(f => (File: f, Types: PublicType().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value).Distinct().ToList()))
            .Where(f => f.Types.Count > 1 || (f.Types.Count == 1 && f.Types[0] != Path.GetFileNameWithoutExtension(f.File)))
            .Select(f => $"{Repository.Relative(f.File)}: {string.Join(", ", f.Types)}");

        Assert.That(wrong, Is.Empty);
    }

    [TestCase(@"^\s*#region\b", TestName = "Source_Regions_AreNotUsed")]
    [TestCase(@"//.*\b(TODO|FIXME|HACK)\b|NotImplementedException", TestName = "Source_UnfinishedMarks_AreNotLeft")]
    [TestCase(@"<(summary|param|returns|remarks|value)[^>]*>\s*</\1>", TestName = "Source_EmptyDocTags_AreNotWritten")]
    [TestCase(@"\b(class|struct|record|interface) \w*(Utils|Utility|Helper|Helpers|Common|Manager)\b", TestName = "Source_EmptyWords_AreNotTypeNames")]
    public void Source_Habit(string pattern)
    {
        var found = Repository.SourceFiles(Everything)
            .Where(f => !f.EndsWith("HabitTests.cs", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(File.ReadAllText(f), pattern, RegexOptions.Multiline))
            .Select(Repository.Relative);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Test_Name_HasThreeParts()
    {
        var wrong = Repository.SourceFiles("tests")
            .SelectMany(f => TestMethod().Matches(File.ReadAllText(f)).Select(m => (File: f, Name: m.Groups["name"].Value)))
            .Where(t => t.Name.Split('_').Length < 2)
            .Select(t => $"{Repository.Relative(t.File)}: {t.Name}");

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Readme_Length_FitsTwoScreens() =>
        Assert.That(File.ReadLines(Path.Combine(Repository.Root, "README.md")).Count(), Is.LessThanOrEqualTo(150));

    [Test]
    public void Package_EveryReference_HasItsReason()
    {
        var reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs", "decisions", "0002-dependencies.md"));
        var packages = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props")), "PackageVersion Include=\"(?<name>[^\"]+)\"")
            .Select(m => m.Groups["name"].Value);

        Assert.That(packages.Where(p => !reasons.Contains($"`{p}`", StringComparison.Ordinal)), Is.Empty);
    }

    [GeneratedRegex(@"^public (?:static |sealed |abstract |readonly |partial |unsafe |ref )*(?:class|struct|record struct|record|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\[Test(?:Case(?:Source)?\b[^\r\n]*)?\]\s*(?:\[[^\r\n]*\]\s*)*public (?:async )?[\w<>]+ (?<name>\w+)\(")]
    private static partial Regex TestMethod();
}
