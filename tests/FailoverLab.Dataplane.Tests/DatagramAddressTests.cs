using System.Net;

namespace FailoverLab.Dataplane.Tests;

internal sealed class DatagramAddressTests
{
    [TestCase("192.0.2.1:0")]
    [TestCase("255.255.255.255:65535")]
    [TestCase("[2001:db8::1]:51820")]
    [TestCase("[::]:1")]
    public void From_EndPoint_ComesBackTheSame(string text)
    {
        var endPoint = IPEndPoint.Parse(text);
        var address = DatagramAddress.From(endPoint);
        Assert.That(address.ToEndPoint(), Is.EqualTo(endPoint));
        Assert.That(address.IsIPv4, Is.EqualTo(!text.StartsWith('[')));
    }
}
