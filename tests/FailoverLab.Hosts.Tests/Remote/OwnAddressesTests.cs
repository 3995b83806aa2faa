namespace FailoverLab.Hosts.Tests;

public sealed class OwnAddressesTests
{
    [Test]
    public void Parse_AsIpPrints_AddressesThatAreTheHostsAlone()
    {
        const string Output = """
            1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
            1: lo    inet6 ::1/128 scope host \       valid_lft forever preferred_lft forever
            1: lo    inet 203.0.113.65/32 scope global lo\       valid_lft forever preferred_lft forever
            2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\       valid_lft forever preferred_lft forever
            2: eth0    inet6 2001:DB8::2/64 scope global \       valid_lft forever preferred_lft forever
            2: eth0    inet6 fe80::1/64 scope link \       valid_lft forever preferred_lft forever
            7: tun0    inet 198.51.100.7 peer 198.51.100.8/32 scope global tun0
            rubbish inet not-an-address
            """;
        Assert.That(OwnAddresses.Parse("a", Output), Is.EqualTo(new[]
        {
            new HostAddress("a", "203.0.113.65"), new HostAddress("a", "192.0.2.2"), new HostAddress("a", "2001:db8::2"), new HostAddress("a", "198.51.100.7"),
        }));
    }

    [TestCase("")]
    [TestCase("sh: ip: not found")]
    public void Parse_NoAddresses_Nothing(string output) => Assert.That(OwnAddresses.Parse("a", output), Is.Empty);
}
