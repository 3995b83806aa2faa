namespace FailoverLab.WanDrivers;

/// <summary>How a WANulator's console is reached.</summary>
/// <param name="Open">Opens the serial line: <see cref="SerialLine.OpenAsync"/> on the virtual machines' own host, or anything that carries its bytes.</param>
/// <param name="Password">Gives the password when it is asked for; kept nowhere.</param>
public sealed record WanulatorAccess(Func<CancellationToken, Task<Stream>> Open, Func<string> Password)
{
    /// <summary>The user.</summary>
    public string User { get; init; } = "root";

    /// <summary>The program that loads a configuration.</summary>
    public string Program { get; init; } = "/root/wanulator2-headless";
}
