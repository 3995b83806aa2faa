using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Yaml.Tests;

public sealed class YamlReaderTests
{
    [TestCase("no")]
    [TestCase("1:30")]
    [TestCase("0123")]
    [TestCase("0x1F")]
    [TestCase("1e3")]
    [TestCase("2026-11-21")]
    [TestCase("on")]
    public void Read_PlainText_StaysAsWritten(string text) =>
        Assert.That(((YamlScalar)Value($"a: {text}")).Text, Is.EqualTo(text));

    [TestCase("a:", true)]
    [TestCase("a: ~", true)]
    [TestCase("a: null", true)]
    [TestCase("a: 'null'", false)]
    [TestCase("a: ''", false)]
    public void Read_Nothing_IsNullOnlyWithoutQuotes(string text, bool isNull) =>
        Assert.That(((YamlScalar)Value(text)).IsNull, Is.EqualTo(isNull));

    [Test]
    public void Read_Nodes_KnowTheirPlaces()
    {
        var bag = new DiagnosticBag();
        var root = (YamlMapping)Read("# comment\nsteps:\n  - at: 4s\n    é: [1, {x: 'y'}]\n", bag)!;
        var step = (YamlMapping)((YamlSequence)root.Entries[0].Value).Items[0];
        var inner = ((YamlSequence)step.Entries[1].Value).Items[1];
        Assert.Multiple(() =>
        {
            Assert.That(bag.Sorted(), Is.Empty);
            Assert.That(root.Position.ToString(), Is.EqualTo("f.yaml:2:1"));
            Assert.That(step.Entries[0].Value.Position.ToString(), Is.EqualTo("f.yaml:3:9"));
            Assert.That(inner.Position.ToString(), Is.EqualTo("f.yaml:4:12"));
            Assert.That(root.IsComplete && step.IsComplete, Is.True);
        });
    }

    [Test]
    public void Read_Alias_SharesTheNode()
    {
        var bag = new DiagnosticBag();
        var root = (YamlMapping)Read("a: &x {b: 1}\nc: *x\n", bag)!;
        Assert.Multiple(() =>
        {
            Assert.That(bag.Sorted(), Is.Empty);
            Assert.That(root.Entries[1].Value, Is.SameAs(root.Entries[0].Value));
        });
    }

    [Test]
    public void Read_BillionLaughs_RefusedWithItsPlace()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }
        Assert.That(Faults(text.ToString()), Is.EqualTo(new[] { "f.yaml:6:10: error FL1007: more than 200000 nodes once its aliases are written out" }));
    }

    [Test]
    public void Read_AThousandAndOneAliases_Refused()
    {
        var text = "a: &a 1\nb: [" + string.Join(", ", Enumerable.Repeat("*a", 1001)) + "]\n";
        Assert.That(Faults(text), Has.Count.EqualTo(1).And.One.Contains("FL1007: more than 1000 aliases"));
    }

    [Test]
    public void Read_DuplicateKeys_NamesBothLinesAndKeepsTheFirst()
    {
        var bag = new DiagnosticBag();
        var root = (YamlMapping)Read("a: 1\nb: 2\na: 3\n", bag)!;
        Assert.Multiple(() =>
        {
            Assert.That(bag.Sorted().Select(d => d.ToString()), Is.EqualTo(new[] { "f.yaml:3:1: error FL1010: key 'a' stands twice: first in line 1, again in line 3" }));
            Assert.That(((YamlScalar)root.Entries[0].Value).Text, Is.EqualTo("1"));
            Assert.That(root.IsComplete, Is.False);
        });
    }

    [Test]
    public void Read_SyntaxErrorHalfway_GivesWhatStandsBeforeItAsIncomplete()
    {
        var bag = new DiagnosticBag();
        var root = (YamlMapping)Read("a: 1\nb: {c: 2\nd: ]\n", bag)!;
        Assert.Multiple(() =>
        {
            Assert.That(bag.Sorted(), Has.Count.EqualTo(1));
            Assert.That(root.Entries.Select(e => e.Key.Text), Does.Contain("a"));
            Assert.That(root.IsComplete, Is.False);
        });
    }

    [Test]
    public void Read_MissingKeyAfterSyntaxError_NotReported()
    {
        var bag = new DiagnosticBag();
        var reader = MappingReader.Open(Read("a: 1\nb: ]\n", bag), bag, "the file")!;
        reader.Require("z");
        Assert.That(bag.Sorted().Select(d => d.Code), Is.EqualTo(new[] { YamlCodes.Syntax }));
    }

    [TestCase(new byte[] { 0xFF, 0xFE, 0x61, 0 }, "f.yaml:1:1: error FL1003: the file is UTF-16 (save it as UTF-8)")]
    [TestCase(new byte[] { 0x61, 0x0A, 0x62, 0xFF }, "f.yaml:2:2: error FL1003: the file is not UTF-8: byte 0xFF (save it as UTF-8)")]
    [TestCase(new byte[] { 0xEF, 0xBB, 0xBF, 0x61 }, "f.yaml:1:1: error FL1003: the file begins with a byte order mark (save it as UTF-8 without BOM)")]
    [TestCase(new byte[] { 0x61, 0x0A, 0x00 }, "f.yaml:2:1: error FL1003: the file holds the control character U+0000 (it is no text file, or damaged)")]
    [TestCase(new byte[0], "f.yaml:1:1: error FL1004: the file is empty")]
    public void Read_NotOurText_RefusedWithItsPlace(byte[] bytes, string expected)
    {
        var bag = new DiagnosticBag();
        YamlReader.Read(bytes, "f.yaml", bag);
        Assert.That(bag.Sorted().Select(d => d.ToString()), Is.EqualTo(new[] { expected }));
    }

    [TestCase("/nonexistent/x.yaml")]
    [TestCase("/")]
    [TestCase("")]
    [TestCase("a\0b")]
    public void ReadFile_Unreadable_OneFault(string path)
    {
        var bag = new DiagnosticBag();
        Assert.That(YamlReader.ReadFile(path, bag), Is.Null);
        Assert.That(bag.Sorted().Select(d => d.Code), Is.EqualTo(new[] { YamlCodes.Unreadable }));
    }

    [Test]
    public void ReadFile_Endless_RefusedByItsSize()
    {
        var bag = new DiagnosticBag();
        YamlReader.ReadFile("/dev/zero", bag);
        Assert.That(bag.Sorted().Select(d => d.Code), Is.EqualTo(new[] { YamlCodes.TooLarge }));
    }

    private static YamlNode? Read(string text, DiagnosticBag bag) => YamlReader.Read(Encoding.UTF8.GetBytes(text), "f.yaml", bag);

    private static YamlNode Value(string text) => ((YamlMapping)Read(text, new DiagnosticBag())!).Entries[0].Value;

    private static List<string> Faults(string text)
    {
        var bag = new DiagnosticBag();
        Read(text, bag);
        return [.. bag.Sorted().Select(d => d.ToString())];
    }
}
