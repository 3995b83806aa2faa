using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// Writes <see cref="StackEvent"/>s as JSON lines on a thread of its own, so that a reader who does not read never holds up packets.
/// When 4,096 lines wait, further ones are dropped and counted.
/// </summary>
public sealed class EventLog : IDisposable
{
    private const int Capacity = 4096;

    private readonly BlockingCollection<StackEvent> _queue = new(Capacity);
    private readonly Stream _output;
    private readonly Thread _thread;
    private long _dropped;

    /// <summary>Begins to write.</summary>
    /// <param name="output">Where lines go; not disposed of.</param>
    public EventLog(Stream output)
    {
        _output = output;
        _thread = new Thread(WriteAll) { Name = "events", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Events lost because nobody read.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Queues an event. Safe from any thread; never blocks.</summary>
    public void Write(StackEvent stackEvent)
    {
        if (!_queue.TryAdd(stackEvent))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what is queued, for at most two seconds, and ends.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(2));
    }

    private static void Format(Utf8JsonWriter json, StackEvent e)
    {
        json.WriteStartObject();
        json.WriteNumber("atNs", e.AtNs);
        json.WriteString("event", e.Name);
        json.WriteStartObject("data");
        Member(json, "path", e.Path);
        Member(json, "fromPath", e.FromPath);
        Member(json, "toPath", e.ToPath);
        Member(json, "router", e.Router);
        Member(json, "fromRouter", e.FromRouter);
        Member(json, "toRouter", e.ToRouter);
        Member(json, "endpoint", e.Endpoint);
        Member(json, "reason", e.Reason);
        Member(json, "correlation", e.Correlation);
        Member(json, "detail", e.Detail);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    private static void Member(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private void WriteAll()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        foreach (var stackEvent in _queue.GetConsumingEnumerable())
        {
            buffer.ResetWrittenCount();
            json.Reset(buffer);
            Format(json, stackEvent);
            buffer.Write("\n"u8);
            try
            {
                _output.Write(buffer.WrittenSpan);
                _output.Flush();
            }
            catch (IOException)
            {
                // The reader is gone; the program goes on without a log.
                Interlocked.Increment(ref _dropped);
            }
        }
    }
}
