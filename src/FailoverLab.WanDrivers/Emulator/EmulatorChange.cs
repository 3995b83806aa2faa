namespace FailoverLab.WanDrivers;

/// <summary>A change as an emulator tells it.</summary>
/// <param name="Number">Its number among all of that emulator.</param>
/// <param name="EffectNs">When it took effect, host clock, ns since the Unix epoch; <see langword="null"/> while it was not made.</param>
/// <param name="AcknowledgedNs">When it was known to be in effect, the same.</param>
/// <param name="Failure">Why it cannot be made any more; else <see langword="null"/>.</param>
internal sealed record EmulatorChange(int Number, long? EffectNs, long? AcknowledgedNs, string? Failure);
