namespace FailoverLab.Stack;

/// <summary>One program of the data path, in the order <see cref="ProgramHost.Run"/> goes through.</summary>
internal interface IStackProgram : IDisposable
{
    /// <summary>Does everything that may be slow, before the gate.</summary>
    void Prepare();

    /// <summary>Serves until canceled; on the calling thread.</summary>
    void Serve(CancellationToken cancel);
}
