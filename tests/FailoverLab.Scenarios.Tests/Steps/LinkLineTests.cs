using FailoverLab.Primitives;

namespace FailoverLab.Scenarios.Tests;

/// <summary>What a running link is told, a line at a time.</summary>
public sealed class LinkLineTests
{
    private static readonly Ratio Some = new(0.0123456789);

    private static IEnumerable<LinkChange> Changes()
    {
        yield return LinkChange.Good;
        yield return new() { Carrier = false };
        yield return new() { Drop = true, Loss = Some, Duplicate = Some, Corrupt = new(1e-7), Reorder = new(1), Overtake = true };
        yield return new() { LossModel = new BurstLossPlan(Some, 4) };
        yield return new() { LossModel = new EveryNthLossPlan(5) };
        yield return new() { LossModel = new GilbertElliottPlan(Some, new(0.2), new(0.9), new(0.01)) };
        yield return new() { LossModel = new StateLossPlan(Some, new(0.2), new(0.3), new(0.4), new(0.5)) };
        yield return new() { Delay = TimeSpan.FromTicks(1_234_567), Jitter = TimeSpan.FromTicks(3) };
        yield return new() { DelayModel = new UniformDelayPlan(Ms(10), Ms(30)) };
        yield return new() { DelayModel = new NormalDelayPlan(Ms(40), Ms(5)) };
        yield return new() { DelayModel = new ParetoDelayPlan(Ms(20), Ms(5), 3.25) };
        yield return new() { DelayModel = new TableDelayPlan([Ms(1), Ms(2), Ms(9)]) };
        yield return new() { Rate = new DataRate(19_999_999), Queue = new() { Packets = 7 }, Mtu = 1400 };
        yield return new() { Queue = new() { Bytes = 7000 } };
        yield return new() { Rate = new DataRate(1_000_000), Delay = Ms(500), Queue = new() { Time = Ms(70), Drop = QueueDrop.Codel, Target = Ms(3), Interval = Ms(60) } };
        yield return new() { Slots = new SlotPlan { Period = Ms(15_000), Offset = Ms(12_000), LevelMin = Ms(1), LevelMax = Ms(20) } };
        yield return new()
        {
            Slots = new SlotPlan { Period = Ms(15_000), LevelMax = Ms(20), Start = new(Ms(60), Ms(140)), End = new(Ms(40), Ms(100)), Handover = new(Some, new(0.5), Ms(20)), Obstruction = new(new(0.05), Ms(2000)) },
        };
    }

    [TestCaseSource(nameof(Changes))]
    public void Read_LineWrittenOfAChange_IsThatChange(LinkChange change)
    {
        // The carrier has no direction.
        var direction = change.Carrier is null ? LinkDirection.Down : LinkDirection.Both;
        var line = LinkLine.Of("a-b", direction, change, atNs: 1_795_334_400_000_000_123);
        var bag = new DiagnosticBag();

        var order = Reader().Read(line, 1, bag);

        Assert.That(bag.Sorted(), Is.Empty, line);
        var step = order!.Changes.Single();
        Assert.Multiple(() =>
        {
            Assert.That(order.AtNs, Is.EqualTo(1_795_334_400_000_000_123));
            Assert.That((step.Link, step.Direction), Is.EqualTo(("a-b", direction)));
            Assert.That(Rounded(step.Change), Is.EqualTo(Rounded(change)), line);
        });
    }

    [Test]
    public void Read_LineWrittenOfATrace_NamesItsFile()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "1\n2\n3\n");
            var line = LinkLine.Of("a-b", LinkDirection.Both, new() { Trace = new TracePlan(file, TraceClock.Wall) }, atNs: null);
            Assert.That(Read(line).Changes.Single().Change.Trace, Is.EqualTo(new TracePlan(file, TraceClock.Wall)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Read_EveryKeyOfImpairments_CanBeWritten()
    {
        var written = string.Join(' ', Changes().Append(new() { Trace = TracePlan.None }).Select(c => LinkLine.Of("a-b", LinkDirection.Both, c, null)));
        Assert.That(ImpairmentKeys.Names.Where(n => !written.Contains($"{n}: ", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("{ at: 1795334400000000123, restore: all }", 1_795_334_400_000_000_123)]
    [TestCase("{ at: 2026-11-22T08:00:00.0000001Z, restore: all }", 1_795_334_400_000_000_100)]
    [TestCase("{ at: 2026-11-22T09:00:00.5+01:00, restore: all }", 1_795_334_400_500_000_000)]
    public void Read_Instant_IsAbsolute(string line, long expectedNs)
    {
        var order = Read(line);
        Assert.That(order.AtNs, Is.EqualTo(expectedNs));
        Assert.That(order.Changes.Select(c => c.Link).Distinct(), Is.EqualTo(new[] { "a-b", "c-d" }));
    }

    [Test]
    public void Read_Restore_IsTheProfileOfEachWay()
    {
        var changes = Read("{ restore: c-d }").Changes;
        Assert.That(changes.Where(c => c.Direction == LinkDirection.Down).Select(c => c.Change.Loss), Is.EqualTo(new Ratio?[] { new Ratio(0.25) }));
        Assert.That(changes.Select(c => c.IsRestore), Is.All.True);
    }

    [Test]
    public void Read_OtherOrders_SayWhatTheySay()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Read("{ status: all }").Status, Is.EqualTo(new[] { "a-b", "c-d" }));
            Assert.That(Read("{ call-off: 7 }").CallOff, Is.EqualTo(7));
            Assert.That(Read("{\"end\":true}").Ends, Is.True);
        });
    }

    [TestCase("{ degrade: { link: a-b, loss: 150% } }", "control:4:31: error FL1025: 'loss' '150%' is not a share of 0% to 100% (write 15% or 0.5%)")]
    [TestCase("{ degrade: { link: a-c, loss: 15% } }", "control:4:20: error FL1103: there is no link 'a-c'; known: a-b, c-d, all (did you mean 'a-b'?)")]
    [TestCase("{ degrade: { link: a-b } }", "control:4:12: error FL1113: this step degrades nothing (add one of:")]
    [TestCase("{ degrade: { link: a-b, delay: -1ms } }", "control:4:32: error FL1025: 'delay' -1ms is out of range: 0s to 1m")]
    [TestCase("{ at: 11:00, restore: all }", "control:4:7: error FL1027: 'at' '11:00' is not an instant: 2026-11-22T11:00:00.5Z, or nanoseconds since the Unix epoch")]
    [TestCase("{ at: 2026-11-22T11:00:00, restore: all }", "control:4:7: error FL1027: 'at' '2026-11-22T11:00:00' is not an instant")]
    [TestCase("{ at: 1, status: all }", "control:4:7: error FL1113: 'at' says nothing beside 'status', which is done at once (leave it out)")]
    [TestCase("{ restore: all, end: true }", "exclude each other")]
    [TestCase("restore all", "control:4:1: error FL1022: a line is a mapping")]
    [TestCase("{ restore: all", "control:4:")]
    [TestCase("{ at: 1 }", "a line needs exactly one of: degrade, restore, status, call-off, end")]
    public void Read_FaultyLine_SaysPlaceAndCure(string line, string expected)
    {
        var bag = new DiagnosticBag();
        Assert.That(Reader().Read(line, 4, bag), Is.Null);
        Assert.That(string.Join('\n', bag.Sorted()), Does.Contain(expected));
    }

    private static LinkOrder Read(string line)
    {
        var bag = new DiagnosticBag();
        var order = Reader().Read(line, 1, bag);
        Assert.That(bag.Sorted(), Is.Empty, line);
        return order!;
    }

    private static LinkLineReader Reader() => new(
    [
        new LinkPlan { Name = "a-b", Path = "a-b", Driver = LinkDriver.Emulator, Host = "", Profile = LinkChange.Good },
        new LinkPlan { Name = "c-d", Path = "c-d", Driver = LinkDriver.Emulator, Host = "", Profile = LinkChange.Good, ProfileDown = LinkChange.Good with { Loss = new(0.25) } },
    ]);

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    /// <summary>Shares go through a text of percent, whose last binary digit may differ; a queue nobody asked for is then one somebody did.</summary>
    private static string Rounded(LinkChange change) => PlanText(change with { Queue = change.Queue is { } queue ? queue with { IsDefault = false } : null });

    private static string PlanText(LinkChange change) => System.Text.RegularExpressions.Regex.Replace(
        System.Text.Json.JsonSerializer.Serialize(change), "[0-9]+\\.[0-9]{13,}", m => double.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture).ToString("G12", System.Globalization.CultureInfo.InvariantCulture));
}
