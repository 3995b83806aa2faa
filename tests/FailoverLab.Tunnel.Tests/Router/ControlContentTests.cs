using System.Text;
using System.Text.Json.Nodes;

namespace FailoverLab.Tunnel.Tests;

/// <summary>Control messages that are authentic and make no sense: counted, never fatal. Whoever has the key may have written them.</summary>
public sealed class ControlContentTests
{
    private static readonly (PacketType Type, string Json)[] _messages =
    [
        (PacketType.AllocationRequest, """{"endpoint_id":"e7","reconnect":true,"previous_subnet":"10.0.0.0/24"}"""),
        (PacketType.RouteAdvertisement, """{"endpoint_id":"e7","routes_ipv4":["192.0.2.0/28"],"routes_ipv6":["2001:db8::/64"],"path":"a","router_id":"r","session":5}"""),
        (PacketType.RouterUpdate, """{"router_id":"r2","routes":{"192.0.2.0/28":{"endpoint_id":"e7","next_hop":"r2","metric":1,"timestamp":1}},"sequence":1}"""),
        (PacketType.EndpointActivation, """{"endpoint_id":"e7","routes_ipv4":["192.0.2.0/28"],"routes_ipv6":["2001:db8::/64"],"previous_router_id":"r2","previous_router_ip":"192.0.2.9","active":true,"timestamp":1.5,"router_id":"r","number":1,"path":"a","correlation":"c","session":5}"""),
        (PacketType.DeactivationAck, """{"endpoint_id":"e7","active":false,"timestamp":1.5,"correlation":"c"}"""),
    ];

    private static readonly string[] _oddValues = ["null", "[]", "{}", "0", "-1", "1e99", "true", "\"\"", "\"\\ud800\"", "[null]", "[[]]", "{\"a\":null}", "\"" + new string('x', 1800) + "\""];

    [Test]
    public void OnDatagram_EveryMemberOfEveryMessageOddOrAbsent_NothingThrownAndTheRouterGoesOn()
    {
        foreach (var (type, json) in _messages)
        {
            foreach (var odd in Variants(json))
            {
                using var stand = new RouterStand();
                stand.TellKeepalive(5);
                Assert.That(() => stand.Tell(type, odd), Throws.Nothing, $"{type} {odd}");
                stand.Sent.Clear();
                stand.TellKeepalive(5);
                Assert.That(stand.Said(PacketType.Keepalive), Has.Length.EqualTo(1), $"answers after {type} {odd}");
                Assert.That(() => stand.Run(TimeSpan.FromSeconds(40)), Throws.Nothing, $"later, after {type} {odd}");
            }
        }
    }

    [TestCase("""{"endpoint_id":null}""")]
    [TestCase("""{}""")]
    [TestCase("""null""")]
    public void OnDatagram_AllocationForNobody_RefusedUnanswered(string json)
    {
        using var stand = new RouterStand();
        stand.Tell(PacketType.AllocationRequest, json);
        Assert.That((stand.Engine.Refusals[RefusalReason.BadContent], stand.Said(PacketType.AllocationResponse).Length), Is.EqualTo((1, 0)));
    }

    [TestCase("""{"router_id":"r2","routes":{"192.0.2.0/28":{"endpoint_id":"e7","next_hop":"r2","metric":1,"timestamp":1}},"sequence":1}""", true)]
    [TestCase("""{"router_id":"r2","routes":{},"sequence":2}""", true)]
    [TestCase("""{"router_id":"","routes":{},"sequence":2}""", false)]
    [TestCase("""{"router_id":"r2","routes":null,"sequence":2}""", false)]
    [TestCase("""{"router_id":"r2","routes":{"192.0.2":{"endpoint_id":"e7"},"x":{"endpoint_id":"e7"}},"sequence":2}""", false)]
    [TestCase("""{"router_id":"r2","routes":{"192.0.2.0/28":null},"sequence":2}""", false)]
    [TestCase("""[]""", false)]
    public void OnDatagram_RouterUpdate_JudgedAndCountedAndNothingChanges(string json, bool isGood)
    {
        using var stand = new RouterStand();
        stand.Tell(PacketType.RouterUpdate, json);
        Assert.That((stand.Engine.RouterUpdates, stand.Engine.Refusals[RefusalReason.BadContent]), Is.EqualTo(isGood ? (1L, 0) : (0L, 1)));
        Assert.That((stand.Routes.Count, stand.Sent.Count), Is.EqualTo((0, 0)));
    }

    private static IEnumerable<string> Variants(string json)
    {
        yield return "null";
        yield return "{";
        yield return "[" + json + "]";
        foreach (var name in JsonNode.Parse(json)!.AsObject().Select(m => m.Key))
        {
            var without = JsonNode.Parse(json)!.AsObject();
            without.Remove(name);
            yield return without.ToJsonString();
            foreach (var value in _oddValues)
            {
                // By hand: the serializer would mend half a surrogate pair.
                yield return new StringBuilder(without.ToJsonString()).Insert(1, $"\"{name}\":{value}{(without.Count > 0 ? "," : "")}").ToString();
            }
        }
    }
}
