namespace FailoverLab.Primitives.Tests;

public sealed class DiagnosticBagTests
{
    [Test]
    public void Sorted_AddedInAnyOrder_ByFileLineAndColumn()
    {
        var bag = new DiagnosticBag();
        bag.Error("FL1", new SourcePosition("b", 1, 1), "x");
        bag.Warning("FL2", new SourcePosition("a", 10, 1), "x", "cure");
        bag.Error("FL3", new SourcePosition("a", 9, 5), "x");
        bag.Error("FL4", new SourcePosition("a", 9, 2), "x");
        bag.Error("FL5", SourcePosition.WholeFile("a"), "x");
        Assert.Multiple(() =>
        {
            Assert.That(bag.Sorted().Select(d => d.Code), Is.EqualTo(new[] { "FL5", "FL4", "FL3", "FL2", "FL1" }));
            Assert.That(bag.Sorted()[3].ToString(), Is.EqualTo("a:10:1: warning FL2: x (cure)"));
            Assert.That(bag.Sorted()[0].ToString(), Is.EqualTo("a: error FL5: x"));
            Assert.That(bag.HasErrors, Is.True);
        });
    }

    [Test]
    public void HasErrors_OnlyWarnings_False()
    {
        var bag = new DiagnosticBag();
        bag.Warning("FL1", default, "x");
        Assert.That(bag.HasErrors, Is.False);
    }
}
