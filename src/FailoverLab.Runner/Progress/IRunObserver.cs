using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>Sees a run while it goes on. Called by one thread at a time; must return quickly.</summary>
public interface IRunObserver
{
    /// <summary>Something happened.</summary>
    void OnEvent(RunEvent item);

    /// <summary>The figures moved on; about eight times a second.</summary>
    void Refresh(RunSnapshot snapshot);
}
