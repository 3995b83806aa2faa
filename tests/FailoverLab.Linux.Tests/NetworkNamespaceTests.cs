namespace FailoverLab.Linux.Tests;

internal sealed class NetworkNamespaceTests
{
    [Test]
    public void Open_ByProcPath_SeesTheSameInterfaces()
    {
        using var network = PrivateNetwork.WithVeth();
        var path = network.Namespace.Run(() => $"/proc/{Environment.ProcessId}/task/{File.ReadAllText("/proc/thread-self/stat").Split(' ')[0]}/ns/net");
        using var again = NetworkNamespace.Open(path);
        Assert.That(again.Run(() => InterfaceControl.GetIndex("a")), Is.EqualTo(network.Namespace.Run(() => InterfaceControl.GetIndex("a"))));
    }

    [Test]
    public void Run_FunctionThrows_CallerGetsTheException()
    {
        using var network = new PrivateNetwork();
        Assert.Throws<FormatException>(() => network.Namespace.Run(() => throw new FormatException()));
        Assert.That(network.Namespace.Run(() => 7), Is.EqualTo(7));
    }

    [Test]
    public void Open_NoSuchPath_NamesIt() =>
        Assert.That(() => NetworkNamespace.Open("/run/netns/no-such"), Throws.TypeOf<LinuxException>().With.Message.Contains("/run/netns/no-such"));
}
