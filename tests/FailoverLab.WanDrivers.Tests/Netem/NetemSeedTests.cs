using System.Text;
using System.Text.RegularExpressions;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>What a kernel that knows seeds is told; it begins its draws anew at each change that names one.</summary>
public sealed partial class NetemSeedTests
{
    [Test]
    public async Task Apply_WithASeed_GivesEachDirectionAndEachChangeItsOwnTheSameEveryRun()
    {
        var (first, second) = (await SeedsAsync(seed: 1), await SeedsAsync(seed: 1));

        Assert.That(first, Has.Count.EqualTo(6).And.Unique, "two changes of both directions, then one of each");
        Assert.That(second, Is.EqualTo(first));
        Assert.That(await SeedsAsync(seed: 2), Has.None.AnyOf([.. first]));
    }

    private static async Task<List<string>> SeedsAsync(ulong seed)
    {
        await using var shell = new Recording();
        await using var driver = new NetemDriver("byu", shell, "lan0", "wan0", seed);
        foreach (var direction in new[] { LinkDirection.Both, LinkDirection.Both, LinkDirection.Up, LinkDirection.Down })
        {
            // Nothing is there to read back.
            Assert.That(async () => await driver.ApplyAsync(direction, new LinkChange { Loss = new(0.1) }, CancellationToken.None), Throws.TypeOf<StepFailedException>());
        }

        return [.. Seed().Matches(string.Concat(shell.Batches)).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@" seed (\d+)\n")]
    private static partial Regex Seed();

    /// <summary>A host whose tc knows seeds and whose interfaces never change.</summary>
    private sealed class Recording : IShell
    {
        public List<string> Batches { get; } = [];

        public string Host => "middle";

        public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
        {
            if (!command.Input.IsEmpty)
            {
                Batches.Add(Encoding.ASCII.GetString(command.Input.Span));
            }

            var says = command.Arguments.Contains("show") ? """[{"kind":"pfifo_fast","handle":"0:","root":true}]""" : command.Arguments.Contains("help") ? "[ seed SEED ]" : "";
            return Task.FromResult(new ShellResult(0, says, "", TimedOut: false));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
