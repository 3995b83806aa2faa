using System.Diagnostics;
using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Yaml.Tests;

/// <summary>Files made to hurt: each is refused at a place, and after reading a small part of it.</summary>
public sealed class HostileFileTests
{
    private static IEnumerable<TestCaseData> TooDeepFiles()
    {
        foreach (var count in new[] { 20_000, 1_000_000 })
        {
            yield return new TestCaseData(new string('[', count), 1, 65).SetArgDisplayNames($"[ x {count}");
            yield return new TestCaseData(new string('{', count), 1, 65).SetArgDisplayNames($"{{ x {count}");
            yield return new TestCaseData(Repeat("- ", count / 2), 1, 129).SetArgDisplayNames($"'- ' x {count / 2}");
            yield return new TestCaseData(Repeat("[\n", count / 2), 65, 1).SetArgDisplayNames($"[ newline x {count / 2}");
            yield return new TestCaseData(Repeat("[{a: ", count / 5), null, null).SetArgDisplayNames($"[{{a:  x {count / 5}");
        }
        yield return new TestCaseData(DeepIndentation(1_000), 65, 65).SetArgDisplayNames("deep indentation");
        yield return new TestCaseData(Repeat("? ", 500_000), null, null).SetArgDisplayNames("'? ' x 500000");
    }

    [TestCaseSource(nameof(TooDeepFiles))]
    public void Read_NestedBeyondTheBudget_RefusedWithItsPlace(string text, int? line, int? column)
    {
        var watch = Stopwatch.StartNew();
        var faults = Faults(text);
        TestContext.Out.WriteLine($"{watch.Elapsed.TotalMilliseconds:0.0} ms: {string.Join(" | ", faults)}");
        Assert.That(faults, Has.Count.EqualTo(1));
        Assert.Multiple(() =>
        {
            Assert.That(faults[0].Code, Is.EqualTo(YamlCodes.TooDeep));
            Assert.That(faults[0].Position.Line, line is null ? Is.GreaterThan(0) : Is.EqualTo(line));
            Assert.That(faults[0].Position.Column, column is null ? Is.GreaterThan(0) : Is.EqualTo(column));
        });
    }

    private static IEnumerable<TestCaseData> OtherHostileFiles()
    {
        const int Million = 1_000_000;
        foreach (var part in new[] { "a", "a: ", "\"", "'", "&a ", "*a ", "!", "!!str ", "|", ">", "%", "#", "-", "--- ", "...\n", "---\n", ", ", "]", "}", ":", ": ", "?", "\t", "\r", "\n", "\\", "@", "`", "a:\n", "- a\n", "a: [\n", "\"\\x", "<<: ", "  \n", "\u2028", "\U0001F600", "[a, ", "{a: b, ", "[a]: ", "a #", "&a [", "[]", "[],", "{}: ", "\"a\": ", "'a' : " })
        {
            yield return new TestCaseData(Repeat(part, Million / Encoding.UTF8.GetByteCount(part))).SetArgDisplayNames(part.ReplaceLineEndings("\\n"));
            yield return new TestCaseData("[" + Repeat(part, (Million - 1) / Encoding.UTF8.GetByteCount(part))).SetArgDisplayNames("[ and " + part.ReplaceLineEndings("\\n"));
        }
    }

    [TestCaseSource(nameof(OtherHostileFiles))]
    public void Read_OneMegabyteOfOneThing_AnswersWithoutException(string text)
    {
        var watch = Stopwatch.StartNew();
        var faults = Faults(text);
        TestContext.Out.WriteLine($"{watch.Elapsed.TotalMilliseconds:0.0} ms: {string.Join(" | ", faults.Take(3))}");
        Assert.That(faults.Where(f => f.Position.Line < 1 || f.Position.Column < 1), Is.Empty);
    }

    private static List<Diagnostic> Faults(string text)
    {
        var bag = new DiagnosticBag();
        YamlReader.Read(Encoding.UTF8.GetBytes(text), "hostile.yaml", bag);
        return [.. bag.Sorted()];
    }

    private static string Repeat(string part, int count) => new StringBuilder(part.Length * count).Insert(0, part, count).ToString();

    private static string DeepIndentation(int levels) =>
        string.Concat(Enumerable.Range(0, levels).Select(i => new string(' ', i) + "a:\n"));
}
