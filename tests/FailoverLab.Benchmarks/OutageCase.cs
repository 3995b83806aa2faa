namespace FailoverLab.Benchmarks;

/// <summary>One thing to measure: a configuration of the endpoint and a kind of cut, again and again.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Kind">What is done to the working path.</param>
/// <param name="Cuts">How often.</param>
/// <param name="Endpoint">Lines of the endpoint section.</param>
/// <param name="Tunnel">Lines of the tunnel section.</param>
internal sealed record OutageCase(string Name, CutKind Kind, int Cuts, string Endpoint, string Tunnel)
{
    /// <summary>Whether no packet may be lost.</summary>
    public bool LosesNothing => Endpoint is "policy: duplicate" or "policy: replay";

    /// <summary>
    /// How long every path must live before the next cut, ms. The kernel tells at most one change of a carrier a second, so a second cut within
    /// that time would measure how long it keeps it back.
    /// </summary>
    public int PauseMs => Kind == CutKind.LinkDown ? 1100 : 60;

    /// <summary>How long a cut lasts at least, ms: longer than the outage it is to make.</summary>
    public int CutMs => Kind == CutKind.RouterKilled ? 400 : Tunnel.Length == 0 ? 250 : 120;

    private const string Quick = "keepalive_interval: 5ms";

    /// <summary>What must not switch while nothing is wrong.</summary>
    public static IReadOnlyList<OutageCase> Calm { get; } = [new("defaults (25 ms × 3)", CutKind.Silent, 0, "", ""), new("5 ms × 3", CutKind.Silent, 0, "", Quick)];

    /// <summary>All cases; the number of cuts is scaled.</summary>
    /// <param name="scale">1 for the whole.</param>
    public static IReadOnlyList<OutageCase> All(double scale)
    {
        OutageCase Make(string name, CutKind kind, int cuts, string endpoint, string tunnel) => new(name, kind, Math.Max(3, (int)(cuts * scale)), endpoint, tunnel);
        return
        [
            Make("silent death, 5 ms × 3", CutKind.Silent, 200, "", Quick),
            Make("silent death, 3.3 ms × 3", CutKind.Silent, 200, "", "keepalive_interval: 3300us"),
            Make("silent death, defaults (25 ms × 3)", CutKind.Silent, 200, "", ""),
            Make("link down, defaults", CutKind.LinkDown, 100, "", ""),
            Make("router killed, defaults", CutKind.RouterKilled, 30, "", ""),
            Make("`adaptive`, silent death, 5 ms × 3", CutKind.Silent, 200, "policy: adaptive", Quick),
            Make("`replay`, silent death, 5 ms × 3", CutKind.Silent, 200, "policy: replay", Quick),
            Make("`duplicate`, silent death, 5 ms × 3", CutKind.Silent, 1000, "policy: duplicate", Quick),
        ];
    }
}
