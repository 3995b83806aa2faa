namespace FailoverLab.Dataplane;

/// <summary>A stretch of some memory.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct ByteRange(int Offset, int Length);
