using System.Net;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

public sealed class PrefixTableTests
{
    [Test]
    public void Find_RandomPrefixes_AgreesWithSearchingAllOfThem([Values(1UL, 2UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        var table = new PrefixTable<string>();
        var all = new Dictionary<IpPrefix, string>();
        for (var i = 0; i < 200; i++)
        {
            var prefix = RandomPrefix(random);
            all[prefix] = $"target {i}";
            table.Set(prefix, all[prefix]);
        }

        foreach (var gone in all.Keys.Take(50).ToArray())
        {
            table.Remove(gone, all[gone]);
            all.Remove(gone);
        }

        for (var i = 0; i < 2000; i++)
        {
            var probe = RandomPrefix(random);
            var expected = all.Where(p => p.Key.IsIPv6 == probe.IsIPv6 && p.Key.Contains(probe.Address)).OrderByDescending(p => p.Key.Length).Select(p => p.Value).FirstOrDefault();
            Assert.That(table.Find(probe.IsIPv6, probe.Address), Is.EqualTo(expected), $"seed {seed}: {probe}");
        }
    }

    [TestCase("192.0.2.77/24", "192.0.2.0/24")]
    [TestCase("192.0.2.77", "192.0.2.77/32")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0")]
    [TestCase("2001:db8::7/64", "2001:db8::/64")]
    [TestCase("::/0", "::/0")]
    [TestCase("2001:db8::1", "2001:db8::1/128")]
    public void TryParse_Prefix_HostBitsCleared(string text, string canonical)
    {
        Assert.That(IpPrefix.TryParse(text, out var prefix), Is.True);
        Assert.That(prefix.ToString(), Is.EqualTo(canonical));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("192.0.2.0/33")]
    [TestCase("192.0.2.0/")]
    [TestCase("192.0.2.0/-1")]
    [TestCase("2001:db8::/129")]
    [TestCase("hello/8")]
    public void TryParse_NoPrefix_Refused(string? text) => Assert.That(IpPrefix.TryParse(text, out _), Is.False);

    [Test]
    public void ToNumber_Ipv4_LiesInTheLowBits() => Assert.That(IpPrefix.ToNumber(IPAddress.Parse("192.0.2.1")), Is.EqualTo((UInt128)0xC0000201));

    private static IpPrefix RandomPrefix(SeededRandom random)
    {
        // Few distinct bits, so that prefixes nest.
        var isIPv6 = random.Next(2) == 0;
        var bits = isIPv6 ? 128 : 32;
        var length = random.Next(9) * bits / 8;
        UInt128 address = 0;
        for (var i = 0; i < 8; i++)
        {
            address = (address << (bits / 8)) | (uint)random.Next(2);
        }

        return IpPrefix.TryParse(new IpPrefix(isIPv6, address, length).ToString(), out var prefix) ? prefix : throw new InvalidOperationException();
    }
}
