using FailoverLab.Results;
using FailoverLab.Runner;

namespace FailoverLab.Cli;

/// <summary>Shows a run while it goes on. Driven by its caller, from one thread: it has no timer and reads no clock.</summary>
public interface IRunView
{
    /// <summary>Shows an event at once.</summary>
    void OnEvent(RunEvent e);

    /// <summary>Shows the state as it is now; call about eight times a second.</summary>
    void Refresh(RunSnapshot snapshot);

    /// <summary>Shows the last state and gives the terminal back. Calling it again does nothing.</summary>
    void Close();
}
