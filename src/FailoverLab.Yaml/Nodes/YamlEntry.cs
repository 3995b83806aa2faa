namespace FailoverLab.Yaml;

/// <summary>One key of a mapping and its value.</summary>
/// <param name="Key">The key as written.</param>
/// <param name="Value">Its value; a <see cref="YamlScalar"/> with <see cref="YamlScalar.IsNull"/> when none is written.</param>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);
