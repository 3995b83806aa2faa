namespace FailoverLab.Analysis;

/// <summary>A keepalive that went into a link and never came out.</summary>
/// <param name="Path">Index of the path.</param>
/// <param name="EntryNs">When it went in, ns since the Unix epoch.</param>
/// <param name="ExpectedNs">When it should have come out: after the link's median delay until then.</param>
internal readonly record struct MissedSignal(int Path, long EntryNs, long ExpectedNs);
