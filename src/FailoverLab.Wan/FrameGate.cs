namespace FailoverLab.Wan;

/// <summary>Decides of every frame that arrives at a link, in either direction, whether it goes in. Called on the direction's thread, so from two at once.</summary>
/// <param name="frame">Whole Ethernet frame.</param>
/// <param name="receivedRealtimeNs">The kernel's receive stamp, CLOCK_REALTIME ns: the same that a capture of this interface shows.</param>
/// <returns>Whether it goes in; otherwise it is gone without a trace.</returns>
public delegate bool FrameGate(ReadOnlySpan<byte> frame, long receivedRealtimeNs);
