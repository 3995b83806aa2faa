using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Restoration.Tests;

/// <summary>A victim in a process of its own.</summary>
internal sealed class VictimProcess : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly Process _process;

    private VictimProcess(Process process) => _process = process;

    /// <summary>What it printed after it was armed; complete once it has ended.</summary>
    public string Said { get; private set; } = "";

    /// <summary>Its process, by which its mounts can be seen.</summary>
    public int Pid => _process.Id;

    /// <param name="order">What it is to do.</param>
    /// <param name="prefix">Arguments before its own.</param>
    public static VictimProcess Start(VictimOrder order, params IReadOnlyList<string> prefix)
    {
        var program = Path.ChangeExtension(typeof(Victim).Assembly.Location, null);
        IReadOnlyList<string> all = [.. prefix, program, .. order.Arguments];
        var start = new ProcessStartInfo(all[0], all.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "1";
        return new VictimProcess(Process.Start(start)!);
    }

    public async Task ArmedAsync() => Assert.That(await _process.StandardOutput.ReadLineAsync(), Is.EqualTo("armed"));

    public void Kill()
    {
        ProcessControl.Kill(Pid, ProcessControl.KillSignal);
        _process.WaitForExit();
    }

    public void Freeze() => ProcessControl.Kill(Pid, Stop);

    public void Thaw() => ProcessControl.Kill(Pid, Continue);

    /// <summary>Lets it end in good order.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        Said = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Thaw();
            Kill();
        }

        _process.Dispose();
    }
}
