using FailoverLab.Results;

namespace FailoverLab.Reports.Tests;

public sealed class StallBandsTests
{
    [TestCase("timeline")]
    [TestCase("delay")]
    public void Figure_MachineStalled_ShadesWhatCanShow(string id)
    {
        var run = TinyRun.Input.Result!;
        var start = run.StartNs!.Value;
        var stalled = TinyRun.Input with
        {
            Result = run with
            {
                Stalls =
                [
                    new MachineStall(start + 10_000_000, 14_000_000, Urgent: true),
                    new MachineStall(start + 40_000_000, 20_000_000, Urgent: true),
                    new MachineStall(start + 30_000_000, 55_000_000, Urgent: false),
                ],
            },
        };

        var figure = new RunPage(stalled).Figures.Single(f => f.Id == id).Inline().Text;

        Assert.That(figure.Split("class=\"stall\"").Length - 1, Is.EqualTo(2), "one of 14 ms is too short to matter");
        Assert.That(figure, Does.Contain("the machine stood still for 20").And.Contain("programs waited for a processor for 55"));
    }
}
