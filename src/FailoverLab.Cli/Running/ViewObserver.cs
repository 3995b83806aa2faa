using FailoverLab.Results;
using FailoverLab.Runner;

namespace FailoverLab.Cli;

/// <summary>Shows a run in the terminal.</summary>
internal sealed class ViewObserver(IRunView view) : IRunObserver
{
    public void OnEvent(RunEvent item)
    {
        // A keepalive missed or a peer heard is for events.ndjson and the report; a person watching wants decisions.
        if (item is not { Kind: RunEventKind.Stack, Text: "path-suspect" or "peer-learned" })
        {
            view.OnEvent(item);
        }
    }

    public void Refresh(RunSnapshot snapshot) => view.Refresh(snapshot);
}
