using System.Net;

namespace FailoverLab.Linux.Tests;

internal sealed class AddressMonitorTests
{
    [Test]
    public void TryRead_AddressesThereAndChanged_TellsEach()
    {
        using var network = PrivateNetwork.WithVeth("address add 192.0.2.1/28 dev a", "address add 2001:db8::1/64 dev a nodad");
        var index = network.Namespace.Run(() => InterfaceControl.GetIndex("a"));
        using var monitor = network.Namespace.Run(AddressMonitor.Open);

        Assert.That(WaitFor(monitor, new AddressEvent(index, IPAddress.Parse("192.0.2.1"), IsUsable: true)), "an address of before");
        Assert.That(WaitFor(monitor, new AddressEvent(index, IPAddress.Parse("2001:db8::1"), IsUsable: true)), "an IPv6 address of before");
        network.Ip("address del 192.0.2.1/28 dev a");
        Assert.That(WaitFor(monitor, new AddressEvent(index, IPAddress.Parse("192.0.2.1"), IsUsable: false)), "an address taken away");
        network.Ip("address add 198.51.100.7/32 peer 198.51.100.8 dev a");
        Assert.That(WaitFor(monitor, new AddressEvent(index, IPAddress.Parse("198.51.100.7"), IsUsable: true)), "our end of a point-to-point address");
    }

    [Test]
    public void TryRead_AddressBeingChecked_IsUsableAfterTheCheckOnly()
    {
        using var network = PrivateNetwork.WithVeth();
        var index = network.Namespace.Run(() => InterfaceControl.GetIndex("a"));
        using var monitor = network.Namespace.Run(AddressMonitor.Open);

        network.Ip("address add 2001:db8::5/64 dev a");

        var told = new List<AddressEvent>();
        Assert.That(WaitFor(monitor, new AddressEvent(index, IPAddress.Parse("2001:db8::5"), IsUsable: true), told));
        Assert.That(told.First(t => t.Address.Equals(IPAddress.Parse("2001:db8::5"))).IsUsable, Is.False, "it was told while tentative");
    }

    [Test]
    public void TryParse_AnyPrefixAndAnyByteChanged_NeverReadsOutside()
    {
        // RTM_NEWADDR, interface 7, IFA_ADDRESS and IFA_FLAGS.
        byte[] message = [44, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 24, 0x80, 0, 7, 0, 0, 0, 8, 0, 1, 0, 192, 0, 2, 9, 8, 0, 8, 0, 0x80, 0, 0, 0, 4, 0, 9, 0];
        Assert.That(AddressMonitor.TryParse(message, out var whole) && whole == new AddressEvent(7, IPAddress.Parse("192.0.2.9"), true));
        for (var length = 16; length < message.Length; length++)
        {
            Assert.That(AddressMonitor.TryParse(message.AsSpan(0, length), out _), Is.EqualTo(length >= 32), $"{length} bytes");
        }

        for (var at = 4; at < message.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = message.ToArray();
                changed[at] = (byte)value;
                Assert.That(() => AddressMonitor.TryParse(changed, out _), Throws.Nothing, $"byte {at} = {value}");
            }
        }
    }

    private static bool WaitFor(AddressMonitor monitor, AddressEvent expected, List<AddressEvent>? told = null)
    {
        var set = new PollSet(monitor);
        var deadline = SystemClock.Shared.MonotonicNs + 5_000_000_000;
        while (SystemClock.Shared.MonotonicNs < deadline)
        {
            while (monitor.TryRead(out var change))
            {
                told?.Add(change);
                if (change == expected)
                {
                    return true;
                }
            }

            set.Wait(deadline);
        }

        return false;
    }
}
