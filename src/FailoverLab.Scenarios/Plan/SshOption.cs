namespace FailoverLab.Scenarios;

/// <summary>One option of ssh_config.</summary>
/// <param name="Name">Its name, spelled as the manual spells it (<c>ServerAliveInterval</c>).</param>
/// <param name="Value">Its value: no blank, quote, % or control character.</param>
public sealed record SshOption(string Name, string Value)
{
    /// <summary>The option as one argument after <c>-o</c>.</summary>
    public override string ToString() => $"{Name}={Value}";
}
