using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Testing;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>One machine with netem for all tests that need one; skips them with the reason where there can be none.</summary>
[SetUpFixture]
internal sealed class Guest
{
    private static readonly Lazy<(GuestMachine? Machine, string Reason)> Started = new(Start);
    private static readonly List<SerialShell> Shells = [];

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

    /// <summary>The one shell of its serial line.</summary>
    public static async Task<SerialShell> ShellAsync()
    {
        if (Shells.Count == 0)
        {
            Shells.Add(new SerialShell("wan-101", await OpenAsync(Machine.SerialPath), TimeProvider.System));
        }

        return Shells[0];
    }

    /// <summary>The machine makes the socket's file a moment before it listens there.</summary>
    private static async Task<Stream> OpenAsync(string path)
    {
        const int Attempts = 50;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SerialLine.OpenAsync(path, CancellationToken.None);
            }
            catch (StepHostException) when (attempt < Attempts)
            {
                await Task.Delay(100);
            }
        }
    }

    [OneTimeTearDown]
    public async Task End()
    {
        foreach (var shell in Shells)
        {
            await shell.DisposeAsync();
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
