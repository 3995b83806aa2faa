namespace FailoverLab.Analysis;

/// <summary>An outage of one flow as rows of its table.</summary>
/// <param name="BeforeRow">Last packet delivered before; -1 where none was.</param>
/// <param name="AfterRow">First packet delivered after; -1 where none was.</param>
/// <param name="Lost">Packets lost between.</param>
internal readonly record struct Silence(int BeforeRow, int AfterRow, int Lost);
