namespace FailoverLab.Control;

/// <summary>The configuration that is to be pushed to a device.</summary>
/// <param name="DeviceId">Which device.</param>
/// <param name="Json">Its JSON text.</param>
public sealed record DeviceConfig(string DeviceId, string Json);
