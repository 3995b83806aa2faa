using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers.Tests;

public class NetemReadingTests
{
    /// <summary>As iproute2 6.1 prints it on Linux 6.1 for: limit 2000 delay 150ms 50ms loss 15% duplicate 1% corrupt 0.5% rate 20mbit.</summary>
    private const string Printed =
        """[{"kind":"netem","handle":"f10b:","root":true,"refcnt":2,"options":{"limit":2000,"delay":{"delay":0.15,"jitter":0.05,"correlation":0},"loss-random":{"loss":0.15,"correlation":0},"duplicate":{"duplicate":0.01,"correlation":0},"corrupt":{"corrupt":0.005,"correlation":0},"rate":{"rate":2500000,"packetoverhead":0,"cellsize":0,"celloverhead":0},"ecn":false,"gap":0}}]""";

    private static NetemSettings Asked => new() { Limit = 2000, DelayUs = 150_000, SpreadUs = 50_000, Loss = 0.15, Duplicate = 0.01, Corrupt = 0.005, Rate = 20_000_000 };

    [Test]
    public void Differences_AsAsked_AreNone() => Assert.That(Read(Printed).Differences(Asked), Is.Empty);

    [TestCase("\"delay\":0.15,", "\"delay\":0.149999,", ExpectedResult = 0)]
    [TestCase("\"delay\":0.15,", "\"delay\":0.149,", ExpectedResult = 1)]
    [TestCase("\"loss\":0.15,", "\"loss\":0.151,", ExpectedResult = 1)]
    [TestCase("2500000", "2499999", ExpectedResult = 0)]
    [TestCase("2500000", "2400000", ExpectedResult = 1)]
    [TestCase("\"limit\":2000", "\"limit\":1000", ExpectedResult = 1)]
    [TestCase("loss-random", "unknown", ExpectedResult = 1)]
    public int Differences_BeyondRounding_AreNamed(string text, string instead) =>
        Read(Printed.Replace(text, instead, StringComparison.Ordinal)).Differences(Asked).Count;

    [Test]
    public void ToChange_OfWhatWasPrinted_IsWhatAPlanWouldSay()
    {
        var change = Read(Printed).ToChange();

        Assert.That((change.Delay, change.Jitter, change.Loss, change.Rate, change.Overtake),
            Is.EqualTo((TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), new Ratio(0.15), new DataRate(20_000_000), false)));
    }

    [Test]
    public void ToChange_OfTheOrderRate_IsNoRate() =>
        Assert.That(Read(Printed.Replace("2500000", (NetemSettings.OrderRate / 8).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).ToChange().Rate, Is.EqualTo(LinkChange.Unlimited));

    [TestCase("\"ecn\":false", "\"ecn\":true")]
    [TestCase("\"ecn\":false", "\"slot\":{\"min-delay\":1}")]
    [TestCase("\"loss\":0.15,\"correlation\":0", "\"loss\":0.15,\"correlation\":0.2")]
    [TestCase("\"gap\":0", "\"gap\":5")]
    public void Foreign_WhatCouldNotBePutBack_IsNamed(string text, string instead) =>
        Assert.That(Read(Printed.Replace(text, instead, StringComparison.Ordinal)).Foreign, Is.Not.Empty);

    /// <summary>Since Linux 6.6 a netem says its seed; one that is put back without it would draw otherwise, and look otherwise.</summary>
    [TestCase("18446744073709551615")]
    [TestCase("7")]
    public void ToSettings_OfASeededOne_HasTheSeed(string seed) =>
        Assert.That(NetemArguments.Of(Read(Printed.Replace("\"ecn\"", $"\"seed\":{seed},\"ecn\"", StringComparison.Ordinal)).ToSettings(), null).TakeLast(2), Is.EqualTo(new[] { "seed", seed }));

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("[1,null,{\"kind\":7}]")]
    [TestCase("[{\"kind\":\"netem\"")]
    [TestCase("Cannot find device")]
    public void ReadRoot_OfSomethingElse_IsNothing(string text) => Assert.That(Qdisc.ReadRoot(text), Is.Null);

    private static NetemReading Read(string text) => NetemReading.Of(Qdisc.ReadRoot(text)!.Options);
}
