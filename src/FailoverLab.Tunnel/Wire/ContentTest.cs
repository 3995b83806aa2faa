namespace FailoverLab.Tunnel;

/// <summary>
/// Says why the content of an authentic datagram cannot come from the other side. With one key for both directions that must be known before the
/// sequence is marked as seen: a datagram of our own thrown back at us would move the replay window.
/// </summary>
/// <param name="type">What the payload is.</param>
/// <param name="payload">The payload; valid only during the call.</param>
/// <returns>The reason; <see langword="null"/> when it may come from there.</returns>
public delegate RefusalReason? ContentTest(PacketType type, ReadOnlySpan<byte> payload);
