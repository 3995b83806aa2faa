namespace FailoverLab.EmbeddedLab;

/// <summary>Interface names of every WANulator node.</summary>
public static class WanulatorPorts
{
    /// <summary>Towards the site with several links.</summary>
    public const string Lan = "lan";

    /// <summary>Towards the far end.</summary>
    public const string Wan = "wan";
}
