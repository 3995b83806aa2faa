using System.Text;
using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>Appends to <c>events.ndjson</c>; a full disk ends the file, not the run. Thread-safe.</summary>
public sealed class EventJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<RunEvent> _events = [];
    private readonly FileStream _file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Path of <c>events.ndjson</c>.</param>
    public EventJournal(string path) => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    /// <summary>Why the file ended early, or <see langword="null"/>.</summary>
    public string? Fault { get; private set; }

    /// <summary>Everything appended so far, in order.</summary>
    public IReadOnlyList<RunEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Appends one event and hands it to the kernel.</summary>
    public void Append(RunEvent item)
    {
        lock (_gate)
        {
            _events.Add(item);
            if (Fault is not null)
            {
                return;
            }

            try
            {
                _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(item, ResultsJson.Line.RunEvent) + "\n"));
                _file.Flush();
            }
            catch (IOException failure)
            {
                Fault = failure.Message;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException failure)
        {
            Fault ??= failure.Message;
        }
    }
}
