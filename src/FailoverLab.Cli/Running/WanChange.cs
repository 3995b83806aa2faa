using System.Text.Json;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Linux;

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

    private readonly Lock _gate = new();
    private readonly List<(string Link, StepAct Act)> _made = [];
    private string _state = "planned";
    private string? _failure;

    /// <summary>Its number among all.</summary>
    public int Number => number;

    /// <summary>The instant asked for; <see langword="null"/> is at once.</summary>
    public long? AtNs => atNs;

    /// <summary><c>planned</c>, <c>made</c>, <c>called-off</c> or <c>failed</c>.</summary>
    public string State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

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

                if (!change.IsCalledOff)
                {
                    // It has switched, or says why it cannot; a carrier may still be on its way.
                    var act = change.Perform();
                    lock (_gate)
                    {
                        _made.Add((link.Pair.Name, act));
                    }
                }
            }

            lock (_gate)
            {
                _state = _state == "planned" ? "made" : _state;
            }
        }
        catch (Exception failed) when (failed is StepFailedException or LinuxException)
        {
            lock (_gate)
            {
                (_failure, _state) = (failed.Message, "failed");
            }
        }
    }

    /// <summary>Leaves the links as they are. Where some have changed already, the others are left, and the change has failed.</summary>
    /// <returns>Whether that was in time for all.</returns>
    public bool TryCallOff()
    {
        lock (_gate)
        {
            if (_state != "planned")
            {
                return false;
            }

            foreach (var (_, change) in parts)
            {
                change.CallOff();
            }

            var late = parts.Where(p => !p.Change.IsCalledOff).Select(p => p.Link.Pair.Name).ToList();
            if (late.Count == 0)
            {
                _state = "called-off";
            }
            else if (late.Count < parts.Count)
            {
                (_failure, _state) = ($"called off when {string.Join(", ", late)} had changed already", "failed");
            }

            return late.Count == 0;
        }
    }

    /// <summary>Writes it into an object that is open.</summary>
    public void Write(Utf8JsonWriter json)
    {
        lock (_gate)
        {
            json.WriteNumber("change", number);
            json.WriteString("state", _state);
            if (atNs is { } at)
            {
                json.WriteNumber("atNs", at);
            }

            if (_failure is not null)
            {
                json.WriteString("failure", _failure);
            }

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
