using System.Text.Json.Serialization;

namespace FailoverLab.WanDrivers;

/// <summary>The JSON of a WANulator's state: its configuration as one string.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class WanulatorJson : JsonSerializerContext;
