namespace FailoverLab.Linux.Tests;

internal sealed class InterfaceControlTests
{
    [Test]
    public void SetDown_VethEnd_TakesPeersCarrier()
    {
        using var network = PrivateNetwork.WithVeth();
        network.Namespace.Run(() =>
        {
            Assert.That((InterfaceControl.IsUp("a"), InterfaceControl.HasCarrier("a")), Is.EqualTo((true, true)));
            InterfaceControl.SetDown("b");
            Assert.That((InterfaceControl.IsUp("a"), InterfaceControl.HasCarrier("a")), Is.EqualTo((true, false)));
            InterfaceControl.SetUp("b");
            Assert.That(InterfaceControl.HasCarrier("a"), Is.True);
        });
    }

    [Test]
    public void Queries_Veth_MatchWhatWasSet()
    {
        using var network = PrivateNetwork.WithVeth();
        network.Namespace.Run(() =>
        {
            InterfaceControl.SetMtu("a", 1400);
            InterfaceControl.DisableOffloads("a");
            Assert.That(InterfaceControl.GetMac("a").ToString(), Is.EqualTo("02000000000A"));
            Assert.That(InterfaceControl.GetIndex("a"), Is.Not.EqualTo(InterfaceControl.GetIndex("b")).And.GreaterThan(0));
        });
    }

    [Test]
    public void SetUp_NoSuchInterface_SaysWhatToDo()
    {
        using var network = new PrivateNetwork();
        var refused = Assert.Throws<LinuxException>(() => network.Namespace.Run(() => InterfaceControl.SetUp("nowhere0")));
        Assert.That(refused.Message, Does.Contain("nowhere0").And.Contain("ip link"));
    }
}
