namespace FailoverLab.Primitives.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["delay", "jitter", "loss", "rate", "carrier", "starlink-1"];

    [TestCase("dely", "delay")]
    [TestCase("DELAY", "delay")]
    [TestCase("jittre", "jitter")]
    [TestCase("los", "loss")]
    [TestCase("carr", "carrier")]
    [TestCase("starlink1", "starlink-1")]
    public void Find_SlipOfTheFinger_TheNameMeant(string seen, string expected) => Assert.That(NearestName.Find(seen, Known), Is.EqualTo(expected));

    [TestCase("bandwidth")]
    [TestCase("")]
    [TestCase("x")]
    public void Find_NothingNear_Null(string seen) => Assert.That(NearestName.Find(seen, Known), Is.Null);

    [Test]
    public void Find_OneOrTwoRandomEdits_FoundAgain([Values(1UL, 2UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var i = 0; i < 500; i++)
        {
            var name = string.Concat(Enumerable.Range(0, 8).Select(_ => (char)('a' + random.Next(26))));
            var at = random.Next(name.Length - 1);
            var slip = random.Next(3) switch
            {
                0 => name.Remove(at, 1),
                1 => name.Insert(at, "-"),
                _ => name[..at] + name[at + 1] + name[at] + name[(at + 2)..],
            };
            Assert.That(NearestName.Find(slip, [name]), Is.EqualTo(name), $"seed {seed}: {slip}");
        }
    }
}
