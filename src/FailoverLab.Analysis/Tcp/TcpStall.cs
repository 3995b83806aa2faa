namespace FailoverLab.Analysis;

/// <summary>Data was under way, was sent again, and for long nothing of it was acknowledged.</summary>
/// <param name="StartNs">The last progress before: data acknowledged, or the first sent; ns since the Unix epoch.</param>
/// <param name="EndNs">The next acknowledgement of new data; absent where none came.</param>
/// <param name="CertainNs">From the first to the last segment sent that is known to have gone unanswered.</param>
/// <param name="Retransmissions">Segments sent again within.</param>
internal readonly record struct TcpStall(long StartNs, long? EndNs, long CertainNs, int Retransmissions);
