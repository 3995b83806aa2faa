namespace FailoverLab.Emulator.Tests;

internal sealed class SizeLimitTests
{
    [TestCase(1514, 1500, PacketEnd.Passed)]
    [TestCase(1515, 1500, PacketEnd.TooLong)]
    [TestCase(1515, null, PacketEnd.Passed)]
    public void Takes_FrameAgainstMtu_CountsWhatIsBehindTheHeader(int bytes, int? mtu, PacketEnd expected) =>
        Assert.That(LinkRun.Fates(new() { Mtu = mtu }, 1, bytes: bytes).Single().End, Is.EqualTo(expected));
}
