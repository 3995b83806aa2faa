using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Restoration.Tests;

/// <summary>A runner that goes on changing its host until it is killed, told to end by the end of its input, or refused.</summary>
internal static class Victim
{
    public static async Task<int> RunAsync(string[] args)
    {
        var order = VictimOrder.Parse(args);
        Directory.CreateDirectory(order.RunDirectory);
        await using var shell = new NamespaceHost(order.Namespace).Shell();
        RestorationJournal journal;
        try
        {
            journal = RestorationJournal.Begin(order.RunDirectory, order.State, "lab", order.Run, "", TimeProvider.System);
        }
        catch (StepHostException refused)
        {
            await Console.Out.WriteLineAsync($"armed\nrefused {refused.Message}");
            return 0;
        }

        await using var lab = new LabRestoration(journal, TimeProvider.System);
        var ended = Task.Run(() => Console.In.ReadToEndAsync());
        try
        {
            var guard = await lab.ArmAsync(shell, order.Options, CancellationToken.None);
            await Console.Out.WriteLineAsync("armed");
            await ChangeUntilAsync(ended, order, guard);
        }
        catch (StepHostException refused)
        {
            await Console.Out.WriteLineAsync($"armed\nrefused {refused.Message}");
        }

        var outcome = await lab.RestoreAsync();
        foreach (var line in outcome.Left)
        {
            await Console.Out.WriteLineAsync(line);
        }

        return outcome.IsRestored ? 0 : 10;
    }

    /// <summary>The same in two phases: laid ready, and made at its instant, or called off before it.</summary>
    private static async Task PreparedAsync(LabGuard guard, ChangeIntent intent, ShellCommand act, SeededRandom random)
    {
        var batch = act.Arguments[0] == "nft"
            ? new ActBatch("nft", "-f", act.Arguments[1])
            : new ActBatch(act.Arguments[0], "-batch", string.Join(' ', act.Arguments.Skip(1)) + "\n");
        var (ahead, shell) = (TimeSpan.FromMilliseconds(random.Next(600)), (IPreparingShell)guard.Fenced);
        var atNs = SystemClock.Shared.RealtimeNs + (ahead.Ticks * 100);
        await using var prepared = await guard.PrepareAsync(intent, async () => new BatchLink(await shell.PrepareAsync([batch], intent.Undo[0].Environment, atNs, CancellationToken.None)), CancellationToken.None);
        if (random.Next(5) == 0)
        {
            return;
        }

        await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (atNs - SystemClock.Shared.RealtimeNs) / 100)));
        await prepared.ActAsync();
        await prepared.FinishAsync(CancellationToken.None);
    }

    /// <summary>Makes changes, one after another.</summary>
    public static async Task ChangeUntilAsync(Task ended, VictimOrder order, LabGuard guard)
    {
        var random = new SeededRandom(order.Seed);
        while (!ended.IsCompleted)
        {
            var kind = random.Next(4);
            var (intent, act) = NamespaceHost.Change(guard.Host, kind, random.Next(200));
            var failing = order.FailingUndos == 0 ? intent : intent with
            {
                Undo = [new ShellCommand(["sh", "-c", "f=$1 n=$2; shift 2; echo x >>\"$f\"; [ $(wc -l <\"$f\") -gt $n ] && \"$@\"", "sh", $"{order.Directory}/failed-{kind}", $"{order.FailingUndos}", .. intent.Undo[0].Arguments])],
            };
            if (random.Next(2) == 0)
            {
                await guard.ChangeAsync(failing, () => guard.Fenced.RunAsync(act, CancellationToken.None), CancellationToken.None);
            }
            else
            {
                await PreparedAsync(guard, failing, act, random);
            }

            await Task.Delay(random.Next(120));
        }
    }
}
