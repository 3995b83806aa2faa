using FailoverLab.Emulator;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab.Tests;

public sealed class TraceSettingsTests
{
    [Test]
    public void Row_Jitter_IsToEitherSideOfTheDelay()
    {
        var row = TraceSettings.Row(new TraceRow(5, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(3), new Ratio(0.1), new DataRate(1000), 7, new Ratio(0.2)));

        Assert.That(row, Is.EqualTo(new ConditionRow
        {
            AtNs = 5,
            Delay = TimeSpan.FromMilliseconds(20),
            Jitter = TimeSpan.FromMilliseconds(3),
            JitterModel = UniformJitter.Around,
            Loss = new Ratio(0.1),
            Duplicate = new Ratio(0.2),
            Rate = new DataRate(1000),
            QueueLimitPackets = 7,
        }));
        Assert.That(TraceSettings.Row(new TraceRow(0, null, null, null, null, null, null)), Is.EqualTo(new ConditionRow { AtNs = 0 }));
    }
}
