using System.Net;
using FailoverLab.Testing;

namespace FailoverLab.Control.Tests;

public sealed class PoolTests
{
    [Test]
    public void SubnetPool_Slash16_Gives256DifferentSlash24sAndTheSameOneAgain()
    {
        var pool = SubnetPool.Of("10.100.0.0/16", 24);
        var subnets = Enumerable.Range(0, 256).Select(i => pool.Allocate($"e{i}", 0)!.Subnet).ToArray();
        Assert.That(subnets, Is.Unique);
        Assert.That((subnets[0], subnets[255]), Is.EqualTo(("10.100.0.0/24", "10.100.255.0/24")));
        Assert.That(pool.Allocate("e300", 0), Is.Null);
        Assert.That(pool.Allocate("e7", 0), Is.EqualTo(new SubnetLease("e7", "10.100.7.0/24", "10.100.7.1")));
    }

    [Test]
    public void SubnetPool_IPv6_Slash64s()
    {
        var pool = SubnetPool.Of("fd00:100::/32", 64);
        pool.Allocate("a", 0);
        Assert.That(pool.Allocate("b", 0), Is.EqualTo(new SubnetLease("b", "fd00:100:0:1::/64", "fd00:100:0:1::1")));
    }

    [Test]
    public void SubnetPool_OwnerSilent_SubnetFreeAgainAndHeardOnesKeepTheirs()
    {
        var pool = SubnetPool.Of("10.0.0.0/23", 24);
        pool.Allocate("a", 0);
        pool.Allocate("b", 0);
        Assert.That(pool.Hear("b", 100), Is.True);
        Assert.That(pool.Hear("x", 100), Is.False);
        Assert.That(pool.Allocate("c", 100), Is.Null);
        Assert.That(pool.Expire(50).Select(l => l.Owner), Is.EqualTo(new[] { "a" }));
        Assert.That((pool.Allocate("c", 100)!.Subnet, pool.Allocate("b", 100)!.Subnet, pool.Allocate("a", 100)), Is.EqualTo(("10.0.0.0/24", "10.0.1.0/24", (SubnetLease?)null)));
        Assert.That(pool.Leases.Select(l => l.Owner), Is.EquivalentTo(new[] { "b", "c" }));
    }

    [TestCase("10.0.3.0/24", "10.0.3.0/24", Description = "free")]
    [TestCase("10.0.1.0/24", "10.0.0.0/24", Description = "another's")]
    [TestCase("10.0.4.0/24", "10.0.0.0/24", Description = "beyond the pool")]
    [TestCase("9.255.255.0/24", "10.0.0.0/24", Description = "before it")]
    [TestCase("10.0.3.0/25", "10.0.0.0/24", Description = "another size")]
    [TestCase("fd00:0:0:3::/64", "10.0.0.0/24", Description = "another family")]
    [TestCase("nonsense", "10.0.0.0/24")]
    [TestCase(null, "10.0.0.0/24")]
    public void SubnetPool_FormerSubnetNamed_GivenWhereItIsFree(string? former, string given)
    {
        var pool = SubnetPool.Of("10.0.0.0/22", 24);
        pool.Allocate("other", 0, "10.0.1.0/24");
        Assert.That(pool.Allocate("e", 0, former)!.Subnet, Is.EqualTo(given));
        Assert.That(pool.Allocate("e", 0, "10.0.2.0/24")!.Subnet, Is.EqualTo(given), "who has one keeps it");
    }

    [Test]
    public void AddressPool_Released_LeastGivenAgainFirst()
    {
        var pool = new AddressPool(IPAddress.Parse("10.0.0.0"), 1, 3);
        pool.Restore("old", "192.0.2.1");
        foreach (var owner in (string[])["a", "b", "c"])
        {
            pool.Allocate(owner);
        }

        Array.ForEach(["c", "a", "old", "nobody"], pool.Release);
        Assert.That((pool.Allocate("d"), pool.Allocate("e"), pool.Allocate("f")), Is.EqualTo(("10.0.0.1", "10.0.0.3", (string?)null)));
    }

    [Test]
    public void DeviceRegistry_OnePoolExhausted_NothingOfTheOtherIsKept()
    {
        var (ipv4, ipv6) = (new AddressPool(IPAddress.Parse("10.0.0.0"), 1, 9), new AddressPool(IPAddress.Parse("fd00::"), 1, 1));
        var registry = new DeviceRegistry(ipv4, ipv6, new ManualTime());
        Assert.That(registry.Register(Endpoint("e1")), Is.Not.Null);
        Assert.That((registry.Register(Endpoint("e2")), registry.Allocate("e3")), Is.EqualTo(((Device?)null, (AddressLease?)null)));
        Assert.That((registry.Allocations().Count, ipv4.Allocations.Count), Is.EqualTo((1, 1)));
        Assert.That(registry.Register(Endpoint("e1"))!.TunIPv4, Is.EqualTo("10.0.0.1"), "who has both keeps both");
    }

    [Test]
    public void DeviceRegistry_RegisteredAgain_StatusStays()
    {
        var registry = new DeviceRegistry(new AddressPool(IPAddress.Parse("10.0.0.0"), 1, 9), new AddressPool(IPAddress.Parse("fd00::"), 1, 9), new ManualTime());
        Assert.That(registry.Register(Endpoint("e1"))!.Status, Is.EqualTo("registered"));
        registry.Touch("e1", "degraded");
        Assert.That(registry.Register(Endpoint("e1"))!.Status, Is.EqualTo("degraded"));
    }

    [Test]
    public void AddressPool_BasePlusN_UntilTheEnd()
    {
        var pool = new AddressPool(IPAddress.Parse("10.10.100.0"), 1, 2);
        Assert.That((pool.Allocate("a"), pool.Allocate("b"), pool.Allocate("a"), pool.Allocate("c")), Is.EqualTo(("10.10.100.1", "10.10.100.2", "10.10.100.1", (string?)null)));
    }

    [Test]
    public void DeviceRegistry_SilentForAMinute_Offline()
    {
        var time = new ManualTime();
        var registry = new DeviceRegistry(new AddressPool(IPAddress.Parse("10.0.0.0"), 1, 9), new AddressPool(IPAddress.Parse("fd00::"), 1, 9), time);
        var device = registry.Register(new Device { DeviceId = "e1", DeviceType = DeviceTypes.Endpoint, LastSeen = default })!;
        Assert.That((device.TunIPv4, device.TunIPv6, registry.IsOnline(device)), Is.EqualTo(("10.0.0.1", "fd00::1", true)));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(registry.IsOnline(registry.Find("e1")!), Is.False);
        Assert.That(registry.Touch("e1", "fine"), Is.True);
        Assert.That((registry.IsOnline(registry.Find("e1")!), registry.Find("e1")!.Status), Is.EqualTo((true, "fine")));
        Assert.That(registry.Touch("e2", null), Is.False);
    }

    private static Device Endpoint(string id) => new() { DeviceId = id, DeviceType = DeviceTypes.Endpoint, LastSeen = default };
}
