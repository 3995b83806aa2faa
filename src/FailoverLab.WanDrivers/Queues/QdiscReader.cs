using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>Asks a host for the queueing disciplines of an interface.</summary>
internal static class QdiscReader
{
    /// <summary>The command that reads; changes nothing.</summary>
    public static ShellCommand Command(string device) => new("tc", "-json", "qdisc", "show", "dev", device);

    /// <summary>Reads the outermost one.</summary>
    /// <returns>It, and the text as printed, without line ends at the end.</returns>
    /// <exception cref="StepHostException">The interface or tc is not there.</exception>
    public static async Task<(Qdisc Root, string Text)> ReadAsync(IShell shell, string device, CancellationToken cancellationToken)
    {
        var result = await shell.RunAsync(Command(device), cancellationToken);
        if (result.IsSuccess && Qdisc.ReadRoot(result.Output) is { } root)
        {
            return (root, result.Output.TrimEnd());
        }

        var cure = result.Status == 127 ? "; install the package 'iproute2' there" : "";
        throw new StepHostException($"{shell.Host}: {Command(device)}: {(result.IsSuccess ? "no queueing discipline in what it printed" : Complaint.Of(result))}{cure}");
    }
}
