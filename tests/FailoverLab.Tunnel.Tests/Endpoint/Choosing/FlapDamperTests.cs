namespace FailoverLab.Tunnel.Tests;

public sealed class FlapDamperTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void OnFlap_FourInShortSuccession_DampedUntilThePenaltyHasHalvedToTheReuseLimit()
    {
        var damper = new FlapDamper(FlapDampening.Default);
        for (var i = 1; i <= 3; i++)
        {
            damper.OnFlap(i);
            Assert.That(damper.DampedUntilNs, Is.Zero);
        }

        damper.OnFlap(4);

        // From 4 to 1 are two half-lives of 15 s.
        Assert.That(damper.DampedUntilNs, Is.EqualTo(30 * Second).Within(1000));
    }

    [Test]
    public void OnFlap_Seldom_NeverDamped()
    {
        var damper = new FlapDamper(FlapDampening.Default);
        for (var i = 1L; i <= 100; i++)
        {
            damper.OnFlap(i * 20 * Second);
        }

        Assert.That(damper.DampedUntilNs, Is.Zero);
    }

    [Test]
    public void OnFlap_WithoutEnd_DampedForTheLongestAtMost()
    {
        var damper = new FlapDamper(FlapDampening.Default);
        for (var i = 1; i <= 1000; i++)
        {
            damper.OnFlap(i);
        }

        Assert.That(damper.DampedUntilNs, Is.EqualTo((60 * Second) + 1000).Within(1));
    }

    [Test]
    public void OnFlap_Off_NeverDamped()
    {
        var damper = new FlapDamper(FlapDampening.Off);
        for (var i = 1; i <= 1000; i++)
        {
            damper.OnFlap(i);
        }

        Assert.That(damper.DampedUntilNs, Is.Zero);
    }
}
