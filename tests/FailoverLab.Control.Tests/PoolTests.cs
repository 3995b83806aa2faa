using System.Net;
using FailoverLab.Testing;

namespace FailoverLab.Control.Tests;

public sealed class PoolTests
{
    [Test]
    public void SubnetPool_Slash16_Gives256DifferentSlash24sAndTheSameOneAgain()
    {
        var pool = SubnetPool.Of("10.100.0.0/16", 24);
        var subnets = Enumerable.Range(0, 256).Select(i => pool.Allocate($"e{i}")!.Subnet).ToArray();
        Assert.That(subnets, Is.Unique);
        Assert.That((subnets[0], subnets[255]), Is.EqualTo(("10.100.0.0/24", "10.100.255.0/24")));
        Assert.That(pool.Allocate("e300"), Is.Null);
        Assert.That(pool.Allocate("e7"), Is.EqualTo(new SubnetLease("e7", "10.100.7.0/24", "10.100.7.1")));
    }

    [Test]
    public void SubnetPool_IPv6_Slash64s()
    {
        var pool = SubnetPool.Of("fd00:100::/32", 64);
        pool.Allocate("a");
        Assert.That(pool.Allocate("b"), Is.EqualTo(new SubnetLease("b", "fd00:100:0:1::/64", "fd00:100:0:1::1")));
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
}
