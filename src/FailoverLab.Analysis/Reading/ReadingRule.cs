namespace FailoverLab.Analysis;

/// <summary>How captures are read in pieces. The pieces are the same for any number of threads, so that the outcome is.</summary>
/// <param name="PieceBytes">A piece ends before the first packet that begins at a multiple of so many bytes of the (unpacked) file.</param>
/// <param name="LeastMapped">Files of at least so many bytes are mapped where that is safe; absent = as the reader thinks best.</param>
/// <param name="MapsParts">Whether parts of a mapped file may be taken from the mapping where that is the faster way; else they are read.</param>
internal sealed record ReadingRule(long PieceBytes, long? LeastMapped = null, bool MapsParts = true)
{
    /// <summary>So large that handing a piece over, which is dear in a virtual machine, costs little, and so small that what was read of it lies in a processor's cache.</summary>
    public static ReadingRule Usual { get; } = new(16 << 20);
}
