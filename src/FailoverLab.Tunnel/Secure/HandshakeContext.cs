namespace FailoverLab.Tunnel;

/// <summary>What both sides of a handshake know before its keys.</summary>
/// <param name="Key">Pre-shared key and responder.</param>
/// <param name="TunnelId">The tunnel.</param>
/// <param name="Suite">The suite chosen.</param>
/// <param name="Epoch">The epoch chosen.</param>
internal readonly record struct HandshakeContext(PeerKey Key, uint TunnelId, CipherSuites Suite, byte Epoch);
