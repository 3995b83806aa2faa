using FailoverLab.Emulator;

namespace FailoverLab.Wan;

/// <summary>What a link is started with.</summary>
public sealed record WanLinkSetting
{
    /// <summary>Link name; with the seed and the direction it decides each packet's fate.</summary>
    public required string Name { get; init; }

    /// <summary>What the direction from the lan side to the wan side does at first.</summary>
    public LinkImpairments Up { get; init; } = LinkImpairments.None;

    /// <summary>What the direction from the wan side to the lan side does at first.</summary>
    public LinkImpairments Down { get; init; } = LinkImpairments.None;

    /// <summary>The run's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Told once, on one of the link's threads, why the link stopped by itself: an interface vanished. Other links go on.</summary>
    public Action<string>? Failed { get; init; }

    /// <summary>Asked of every frame first, in both directions; <see langword="null"/> lets all in.</summary>
    public FrameGate? Gate { get; init; }

    /// <summary>Lines of log each direction keeps until <see cref="WanLink.TakeFates"/>; 0 for no log.</summary>
    public int LogLines { get; init; }
}
