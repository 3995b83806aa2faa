namespace FailoverLab.Benchmarks;

/// <summary>What is done to the working path.</summary>
internal enum CutKind
{
    /// <summary>Packets of both directions vanish at one instant; nobody is told.</summary>
    Silent,

    /// <summary>The endpoint's interface loses its carrier.</summary>
    LinkDown,

    /// <summary>The router's process is killed.</summary>
    RouterKilled,
}
