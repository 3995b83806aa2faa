using FailoverLab.Results;
using FailoverLab.Runner;

namespace FailoverLab.Cli;

/// <summary>Shows a run in the terminal.</summary>
internal sealed class ViewObserver(IRunView view) : IRunObserver
{
    public void OnEvent(RunEvent item) => view.OnEvent(item);

    public void Refresh(RunSnapshot snapshot) => view.Refresh(snapshot);
}
