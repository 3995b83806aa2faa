using FailoverLab.Linux;
using FailoverLab.Testing;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>One machine with netem for all tests that need one; skips them with the reason where there can be none.</summary>
[SetUpFixture]
internal sealed class Guest
{
    private static readonly Lazy<(GuestMachine? Machine, string Reason)> Started = new(Start);
    private static SerialShell? _shell;

    public static GuestMachine Machine
    {
        get
        {
            var (machine, reason) = Started.Value;
            if (machine is null)
            {
                Assert.Ignore($"no machine with netem: {reason}");
            }

            return machine!;
        }
    }

    public static async Task<SerialShell> ShellAsync() =>
        _shell ??= new SerialShell("wan-101", await SerialLine.OpenAsync(Machine.SerialPath, CancellationToken.None), TimeProvider.System);

    [OneTimeTearDown]
    public async Task End()
    {
        if (_shell is not null)
        {
            await _shell.DisposeAsync();
        }

        if (Started.IsValueCreated)
        {
            Started.Value.Machine?.Dispose();
        }
    }

    private static (GuestMachine?, string) Start()
    {
        if (GuestImage.Missing is { } missing)
        {
            return (null, missing);
        }

        try
        {
            return (new GuestMachine(GuestImage.Make()), "");
        }
        catch (LinuxException refused)
        {
            return (null, refused.Message);
        }
    }
}
