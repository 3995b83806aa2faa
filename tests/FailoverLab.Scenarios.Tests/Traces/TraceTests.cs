using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios.Tests;

/// <summary>Traces of every form, there and back; and faults with their places.</summary>
public sealed class TraceTests
{
    private const string Simple = "# a comment\nkeep,latency\n500000,20000000,1000000,0,100\n250000,40000000,0,2147483648,50\n";
    private const string Extended = "500000,20000000,1000000,5000000,42949673,100,429497,0,0\n500000,30000000,2000000,0,0,1,0,0,1\n";
    private const string Opportunities = "0\n0\n5\n9\n12\n";

    private static LinkTrace? Read(string text, DiagnosticBag bag) => TraceFile.Read(Encoding.UTF8.GetBytes(text), "trace", bag);

    private static LinkTrace Sound(string text)
    {
        var bag = new DiagnosticBag();
        var trace = Read(text, bag);
        Assert.That(bag.HasErrors, Is.False, string.Join('\n', bag.Sorted()));
        return trace!;
    }

    private static string Write(LinkTrace trace, TraceFormat format)
    {
        using var writer = new StringWriter();
        Assert.That(TraceWriter.Write(trace, format, writer));
        return writer.ToString();
    }

    [Test]
    public void Read_TheaterQSimple_RowsWithTheirUnits()
    {
        var trace = Sound(Simple);
        Assert.Multiple(() =>
        {
            Assert.That(trace.LengthNs, Is.EqualTo(750_000_000));
            Assert.That(trace.Rows[0], Is.EqualTo(new TraceRow(0, TimeSpan.FromMilliseconds(20), null, new Ratio(0), new DataRate(1_000_000), 100, null)));
            Assert.That(trace.Rows[1].AtNs, Is.EqualTo(500_000_000));
            Assert.That(trace.Rows[1].Loss!.Value.Value, Is.EqualTo(0.5).Within(1e-9));
            Assert.That(trace.Rows[1].Rate, Is.Null, "0 is no limit");
        });
    }

    [TestCase("500000,20000000,1000000,0,0,100,5,9,1\n500000,20000000,0,0,0,100,5,9,0\n", "DUP_DELAY")]
    [TestCase("500000,20000000,1000000,0,0,100,0,9,0\n500000,20000000,1000000,0,0,100,0,0,0\n", "ROUTE 0")]
    [TestCase("500000,20000000,1000000,0,0,100,0,9\n500000,20000000,0,0,0,100,5,0,0\n", null)]
    public void Read_TheaterQValueThatIsNotPlayed_IsSaidOnce(string text, string? words)
    {
        var bag = new DiagnosticBag();
        Assert.That(Read(text, bag), Is.Not.Null);
        Assert.That(bag.Sorted().Select(d => d.Message), words is null ? Is.Empty : Has.Exactly(1).Items.And.All.Contains(words));
    }

    [TestCase(Simple)]
    [TestCase(Extended)]
    public void Write_TheaterQ_SameTraceAgain(string text)
    {
        var trace = Sound(text);
        var again = Sound(Write(trace, TraceFormat.TheaterQ));
        Assert.That(again.LengthNs, Is.EqualTo(trace.LengthNs));
        Assert.That(again.Rows.Select(r => (r.AtNs, r.Delay, r.Rate, r.QueuePackets)), Is.EqualTo(trace.Rows.Select(r => (r.AtNs, r.Delay, r.Rate, r.QueuePackets))));
        Assert.That(again.Rows.Select(r => r.Loss!.Value.Value), Is.EqualTo(trace.Rows.Select(r => r.Loss!.Value.Value)).Within(1e-9));
    }

    [Test]
    public void Write_Mahimahi_SameTraceAgain() => Assert.That(Write(Sound(Opportunities), TraceFormat.Mahimahi), Is.EqualTo(Opportunities));

    [Test]
    public void Write_Irtt_SameTripsAgain()
    {
        var trace = Sound(Simple);
        var again = Sound(Write(trace, TraceFormat.Irtt));
        Assert.That(again.Rows.Select(r => (r.AtNs, r.Loss!.Value.Value)), Is.EqualTo(new[] { (0L, 0.0), (500_000_000L, 1.0) }));
        Assert.That(again.Rows[0].Delay, Is.EqualTo(TimeSpan.FromMilliseconds(20)));
    }

    /// <summary>12 Mbit/s for half a second are 499 packets of 1,504 bytes; back again the rate is the same within one packet a window.</summary>
    [Test]
    public void Write_RateToMahimahiAndBack_RateKept()
    {
        var trace = Sound("500000,0,12032000,0,100\n500000,0,24064000,0,100\n");
        var opportunities = Sound(Write(trace, TraceFormat.Mahimahi));
        Assert.That(opportunities.OpportunitiesNs, Has.Count.EqualTo(1_500).Within(2));
        var back = Sound(Write(opportunities, TraceFormat.TheaterQ));
        Assert.That(back.Rows.Take(4).Select(r => r.Rate!.Value.BitsPerSecond), Is.All.EqualTo(12_032_000).Within(2).Percent);
        Assert.That(back.Rows.Skip(6).Take(3).Select(r => r.Rate!.Value.BitsPerSecond), Is.All.EqualTo(24_064_000).Within(2).Percent);
    }

    [TestCase("5\n9\n7\n", "trace:3:1: error FL1406: time runs backwards: 7 ms after 9 ms (sort the lines, or cut the trace here)")]
    [TestCase("5\n -3\n", "trace:2:2: error FL1405: -3 ms is out of range: 0 to 604800000 ms")]
    [TestCase("0\n", "trace:1:1: error FL1405: the trace has no length: its last line is its length in milliseconds (end it with a line above 0)")]
    [TestCase("0,1,1,0,1\n", "trace:1:1: error FL1406: KEEP 0 is out of range: 1 to 604800000000 (a row that does not last makes time stand still or run backwards)")]
    [TestCase("9,1,1,0,0\n", "trace:1:9: error FL1405: LIMIT 0 is out of range: 1 to 4294967295 (a queue without room would lose every packet in silence)")]
    [TestCase("9,1,1\n", "trace:1:1: error FL1405: a row has 5, 8 or 9 values, but here stand 3 (KEEP,LATENCY,RATE,LOSS,LIMIT)")]
    [TestCase("9,-1,1,0,1\n", "trace:1:3: error FL1405: LATENCY -1 is out of range: 0 to 60000000000")]
    [TestCase("", "trace:1:1: error FL1004: the trace holds nothing")]
    [TestCase("{}", "trace:1:1: error FL1405: the JSON has no 'round_trips' (write it with irtt client -o FILE)")]
    [TestCase("{\"round_trips\": [\n {\"lost\":\"true\",\"timestamps\":{\"client\":{\"send\":{\"wall\":9}}}},\n {\"lost\":\"true\",\"timestamps\":{\"client\":{\"send\":{\"wall\":5}}}}]}",
        "trace:3:2: error FL1406: time runs backwards: sent 4 ns before the round trip ahead of it, or with it (cut the trace where the clock was set)")]
    public void Read_Fault_ItsPlaceAndCure(string text, string fault)
    {
        var bag = new DiagnosticBag();
        Assert.That(Read(text, bag), Is.Null);
        Assert.That(bag.Sorted().Select(d => d.ToString()), Is.EqualTo(new[] { fault }));
    }

    [Test]
    public void Read_AnotherKindOfFile_FewFaults()
    {
        var bag = new DiagnosticBag();
        Assert.That(Read(string.Concat(Enumerable.Repeat("hello\n", 10_000)), bag), Is.Null);
        Assert.That(bag.Sorted(), Has.Count.EqualTo(TraceFile.MostFaults));
    }

    [TestCase(Simple)]
    [TestCase(Extended)]
    [TestCase(Opportunities)]
    [TestCase(Irtt)]
    [TestCase(Ping)]
    public void Read_DamagedTraceOrLog_NoExceptionAndEveryFaultHasItsPlace(string text)
    {
        const ulong Seed = 20261121;
        const int Mutations = 4_000;
        var random = new SeededRandom(Seed);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(text).ToList();
            for (var n = random.Next(3); n >= 0; n--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes.RemoveRange(at, Math.Min(1 + random.Next(9), bytes.Count - at)); break;
                    case 1: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)])); break;
                    case 2: bytes[at] = (byte)random.Next(256); break;
                    default: bytes.InsertRange(at, bytes.GetRange(0, at)); break;
                }
                if (bytes.Count == 0)
                {
                    bytes.Add((byte)' ');
                }
            }
            var bag = new DiagnosticBag();
            var damaged = bytes.ToArray();
            Assert.That(() => TraceFile.Read(damaged, "trace", bag) is null == bag.HasErrors, Is.True, $"seed {Seed}, mutation {i}");
            refused += bag.HasErrors ? 1 : 0;
            Assert.That(() => MeasurementLog.Read(damaged, "log", bag), Throws.Nothing, $"seed {Seed}, mutation {i}");
            Assert.That(bag.Sorted().Where(d => d.Position.Line < 1 || d.Position.Column < 1), Is.Empty, $"seed {Seed}, mutation {i}");
        }
        TestContext.Out.WriteLine($"seed {Seed}: {refused} of {Mutations} refused");
        Assert.That(refused, Is.GreaterThan(Mutations / 20));
    }

    private static readonly string[] Fragments = ["-", "9999999999999999999999", ",", "\n", "{", "}", "[", "\"", "1e9", "\0", "é", "null", " ", "-1\n", ":", "0"];

    private const string Irtt = """
        {"version":{"irtt":"0.9.0"},"round_trips":[
        {"seqno":0,"lost":"false","timestamps":{"client":{"receive":{"wall":1700000000040000000,"monotonic":5},"send":{"wall":1700000000000000000,"monotonic":1}},"server":{}},"delay":{"receive":20000000,"rtt":40000000,"send":20000000},"ipdv":{}},
        {"seqno":1,"lost":"true","timestamps":{"client":{"receive":{},"send":{"wall":1700000000100000000}},"server":{}},"delay":{},"ipdv":{}}]}
        """;

    private const string Ping = """
        PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.
        [1700000000.040000] 64 bytes from 192.0.2.1: icmp_seq=1 ttl=55 time=40.0 ms
        [1700000001.200000] no answer yet for icmp_seq=2
        [1700000002.041000] 64 bytes from 192.0.2.1: icmp_seq=3 ttl=55 time=41.0 ms
        """;

    [Test]
    public void Read_Irtt_RoundTripsAndLosses()
    {
        var trace = Sound(Irtt);
        Assert.That(trace.Rows.Select(r => (r.AtNs, r.Delay!.Value.TotalMilliseconds, r.Loss!.Value.Value)), Is.EqualTo(new[] { (0L, 20.0, 0.0), (100_000_000L, 20.0, 1.0) }));
    }

    [Test]
    public void ReadLog_Ping_RoundTripsAndLosses() =>
        Assert.That(MeasurementLog.Read(Encoding.UTF8.GetBytes(Ping), "log", new DiagnosticBag())!.Select(t => t.TimeNs), Is.EqualTo(new long?[] { 40_000_000, null, 41_000_000 }));

    [Test]
    public void ReadLog_FpingWithAGap_MissingNumbersAreLost()
    {
        const string Log = "[1700000000.10] 192.0.2.1 : [0], 64 bytes, 40.1 ms (40.1 avg, 0% loss)\n[1700000000.30] 192.0.2.1 : [2], 64 bytes, 42.0 ms (41.0 avg, 33% loss)\n[1700000000.40] 192.0.2.1 : [3], timed out (41.0 avg, 50% loss)\n";
        Assert.That(MeasurementLog.Read(Encoding.UTF8.GetBytes(Log), "log", new DiagnosticBag())!.Select(t => t.TimeNs), Is.EqualTo(new long?[] { 40_100_000, null, 42_000_000, null }));
    }
}
