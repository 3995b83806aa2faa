namespace FailoverLab.Hosts;

/// <summary>One WAN link now.</summary>
/// <param name="Link">Link name.</param>
/// <param name="Path">Path name.</param>
/// <param name="Condition">Impairments in force, in words; <c>good</c> when they equal the profile.</param>
/// <param name="UpPackets">Packets forwarded from the site.</param>
/// <param name="DownPackets">Packets forwarded towards the site.</param>
public sealed record LinkStatus(string Link, string Path, string Condition, long UpPackets, long DownPackets);
