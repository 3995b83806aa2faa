using FailoverLab.Primitives;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Network cards: only what is changed changes.</summary>
public sealed class NetDeviceTests
{
    private const string Card = "virtio=BC:24:11:00:00:0B,bridge=vmbr2,firewall=1,trunks=2;7-9,queues=4,x-new=a=b";

    [Test]
    public void Parse_OfACard_ReadsItsParts()
    {
        var device = NetDevice.Parse(Card + ",tag=12,rate=2.5")!;
        Assert.That((device.Model, device.MacAddress, device.Bridge, device.Tag, device.Rate, device.IsLinkDown), Is.EqualTo(("virtio", "BC:24:11:00:00:0B", "vmbr2", 12, 2.5m, false)));
        Assert.That(device.RateBitsPerSecond, Is.EqualTo(20_971_520));
        var other = NetDevice.Parse("model=e1000,macaddr=BC:24:11:00:00:0C,link_down=1")!;
        Assert.That((other.Model, other.MacAddress, other.IsLinkDown, other.Bridge), Is.EqualTo(("e1000", "BC:24:11:00:00:0C", true, (string?)null)));
        Assert.That(NetDevice.Parse("virtio")!.MacAddress, Is.Null);
    }

    [TestCase("")]
    [TestCase("virtio,bridge=a,bridge=b")]
    [TestCase("virtio,\nbridge=a")]
    [TestCase(",bridge=a")]
    public void Parse_OfNoCard_IsRefused(string text) => Assert.That(NetDevice.Parse(text), Is.Null);

    [TestCase(Card, true, Card + ",link_down=1")]
    [TestCase(Card, false, Card)]
    [TestCase("virtio=A,link_down=0,tag=1", true, "virtio=A,link_down=1,tag=1")]
    [TestCase("virtio=A,link_down=1,tag=1", false, "virtio=A,tag=1")]
    [TestCase("virtio=A,link_down=on", true, "virtio=A,link_down=on")]
    public void WithLinkDown_TouchesThatKeyOnly(string before, bool isDown, string after) => Assert.That(NetDevice.Parse(before)!.WithLinkDown(isDown).Text, Is.EqualTo(after));

    [TestCase(Card, "1.5", Card + ",rate=1.5")]
    [TestCase("virtio=A,rate=3,tag=1", "0.25", "virtio=A,rate=0.25,tag=1")]
    [TestCase("virtio=A,rate=3,tag=1", null, "virtio=A,tag=1")]
    [TestCase("virtio=A,rate=3.0,tag=1", "3", "virtio=A,rate=3.0,tag=1")]
    [TestCase(Card, null, Card)]
    public void WithRate_TouchesThatKeyOnly(string before, string? rate, string after) =>
        Assert.That(NetDevice.Parse(before)!.WithRate(rate is null ? null : decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)).Text, Is.EqualTo(after));

    [Test]
    public void RateOf_RatesInBits_ComesBackWithinABit()
    {
        foreach (var rate in new[] { 8L, 9_600, 1_000_000, 20_000_000, 933_000_000, 100_000_000_000 })
        {
            var back = NetDevice.Parse("virtio")!.WithRate(NetDevice.RateOf(rate)).RateBitsPerSecond!.Value;
            Assert.That(Math.Abs(back - rate), Is.LessThanOrEqualTo(8), $"{rate} bit/s");
        }
    }

    [TestCase("model=e1000,macaddr=bc:24:11:00:00:0c,tag=7,bridge=b,link_down=0,rate=2.50", "e1000=BC:24:11:00:00:0C,bridge=b,rate=2.5,tag=7")]
    [TestCase("virtio,link_down=on", "virtio,link_down=1")]
    public void Sorted_HoweverItIsWritten_IsOneText(string text, string sorted)
    {
        Assert.That(NetDevice.Parse(text)!.Sorted, Is.EqualTo(sorted));
        Assert.That(NetDevice.Parse(text)!.DifferencesFrom(NetDevice.Parse(sorted)!), Is.Empty);
    }

    [Test]
    public void DifferencesFrom_AnotherCard_AreNamed() => Assert.That(
        NetDevice.Parse("virtio=A,bridge=x,link_down=1")!.DifferencesFrom(NetDevice.Parse("virtio=A,tag=2,bridge=y")!),
        Is.EqualTo(new[] { "bridge=x here, bridge=y there", "link_down=1 here, absent there", "tag absent here, tag=2 there" }));

    [TestCase(1u)]
    [TestCase(2u)]
    public void Change_OfAnyCard_KeepsEveryOtherByteInItsPlace(uint seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        string[] keys = ["bridge", "firewall", "link_down", "macaddr", "mtu", "queues", "rate", "tag", "trunks", "later", "x.y", " spaced"];
        for (var round = 0; round < 2000; round++)
        {
            var parts = keys.Where(_ => random.NextDouble() < 0.5).OrderBy(_ => random.NextDouble())
                .Select(k => k + "=" + (k == "link_down" ? (random.NextDouble() < 0.5 ? "0" : "1") : k == "rate" ? "7.25" : new string([.. Enumerable.Range(0, 5).Select(_ => (char)('!' + (int)(random.NextDouble() * 90)))]).Replace(',', ';')))
                .Prepend("virtio=BC:24:11:00:00:0B").ToList();
            var device = NetDevice.Parse(string.Join(',', parts))!;
            var changed = device.WithLinkDown(!device.IsLinkDown).WithRate(random.NextDouble() < 0.5 ? null : 3m);
            Assert.That(changed.Text.Split(',').Where(IsOther), Is.EqualTo(parts.Where(IsOther)), device.Text);
            Assert.That(changed.IsLinkDown, Is.Not.EqualTo(device.IsLinkDown));
            Assert.That(device.DifferencesFrom(device), Is.Empty);
            Assert.That(changed.DifferencesFrom(device), Is.Not.Empty);
        }

        static bool IsOther(string part) => !part.StartsWith("link_down=", StringComparison.Ordinal) && !part.StartsWith("rate=", StringComparison.Ordinal);
    }
}
