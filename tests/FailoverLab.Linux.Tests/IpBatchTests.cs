namespace FailoverLab.Linux.Tests;

internal sealed class IpBatchTests
{
    private static readonly string[] BrokenInTheMiddle = ["link set dev a down", "link set dev nowhere0 up", "link set dev b down"];

    [Test]
    public void Run_EveryCommandGood_HasNoComplaint()
    {
        using var network = PrivateNetwork.WithVeth();
        var complaint = network.Namespace.Run(() => IpBatch.Run(["link set dev a down", "link set dev b down"]));
        Assert.That(complaint, Is.Empty);
        Assert.That(network.Namespace.Run(() => (InterfaceControl.IsUp("a"), InterfaceControl.IsUp("b"))), Is.EqualTo((false, false)));
    }

    [TestCase(false, true)]
    [TestCase(true, false)]
    public void Run_OneCommandFails_ComplainsAndGoesOnOnlyIfAsked(bool keepGoing, bool isLastUp)
    {
        using var network = PrivateNetwork.WithVeth();
        var complaint = network.Namespace.Run(() => IpBatch.Run(BrokenInTheMiddle, keepGoing: keepGoing));
        Assert.That(complaint, Does.Contain("nowhere0").And.Not.Contain("\n"));
        Assert.That(network.Namespace.Run(() => (InterfaceControl.IsUp("a"), InterfaceControl.IsUp("b"))), Is.EqualTo((false, isLastUp)));
    }

    [Test]
    public void Run_ManyCommandsAfterOneThatFails_DoesNotBreak()
    {
        using var network = new PrivateNetwork();
        var commands = Enumerable.Repeat("link set dev nowhere0 up", 20_000).ToList();
        Assert.That(network.Namespace.Run(() => IpBatch.Run(commands)), Does.Contain("nowhere0"));
    }

    [Test]
    public void Run_NamespaceWithoutThatName_Complains() =>
        Assert.That(IpBatch.Run(["link show"], node: "no-such-node"), Does.Contain("no-such-node"));
}
