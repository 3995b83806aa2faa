using System.Text.Json;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;

namespace FailoverLab.Cli;

/// <summary>A change of running links that a line asked for.</summary>
/// <param name="number">Its number among all.</param>
/// <param name="atNs">The instant asked for, CLOCK_REALTIME ns; <see langword="null"/> is at once.</param>
/// <param name="parts">What each link was told.</param>
/// <param name="time">Timers.</param>
internal sealed class WanChange(int number, long? atNs, IReadOnlyList<(RunningPair Link, SteeredChange Change)> parts, TimeProvider time)
{
    /// <summary>How late the end of a link may be noticed.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(50);

    private readonly List<(string Link, StepAct Act)> _made = [];
    private string? _failure;

    /// <summary>Its number among all.</summary>
    public int Number => number;

    /// <summary>The instant asked for; <see langword="null"/> is at once.</summary>
    public long? AtNs => atNs;

    /// <summary><c>planned</c>, <c>made</c>, <c>called-off</c> or <c>failed</c>.</summary>
    public string State { get; private set; } = "planned";

    /// <summary>Waits until it has been made, or cannot be any more.</summary>
    public async Task MadeAsync()
    {
        try
        {
            foreach (var (link, change) in parts)
            {
                while (!change.Switched.IsCompleted && link.Steered.Link.IsRunning && State == "planned")
                {
                    await Task.WhenAny(change.Switched, link.Failed, Task.Delay(Nap, time));
                }

                if (State == "planned")
                {
                    // It has switched, or says why it cannot; a carrier may still be on its way.
                    var act = change.Perform();
                    lock (_made)
                    {
                        _made.Add((link.Pair.Name, act));
                    }
                }
            }

            State = State == "planned" ? "made" : State;
        }
        catch (StepFailedException failed)
        {
            (_failure, State) = (failed.Message, "failed");
        }
    }

    /// <summary>Leaves the links as they are.</summary>
    /// <returns>Whether that was in time.</returns>
    public bool TryCallOff()
    {
        if (State != "planned")
        {
            return false;
        }

        foreach (var (_, change) in parts)
        {
            change.CallOff();
        }

        State = parts.Any(p => p.Change.IsCalledOff) ? "called-off" : State;
        return State == "called-off";
    }

    /// <summary>Writes it into an object that is open.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("change", number);
        json.WriteString("state", State);
        if (atNs is { } at)
        {
            json.WriteNumber("atNs", at);
        }

        if (_failure is not null)
        {
            json.WriteString("failure", _failure);
        }

        lock (_made)
        {
            if (_made.Count == 0)
            {
                return;
            }

            json.WriteStartArray("made");
            foreach (var (link, act) in _made)
            {
                json.WriteStartObject();
                json.WriteString("link", link);
                json.WriteNumber("effectNs", act.StartedNs);
                json.WriteNumber("acknowledgedNs", act.AcknowledgedNs);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
