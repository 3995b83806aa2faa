using System.Collections.Concurrent;

namespace FailoverLab.Services.Tests;

/// <summary>A service's events as they come.</summary>
internal sealed class EventLines : StringWriter
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new();
    private readonly Lock _lock = new();

    /// <summary>Ends when an event of that name has come.</summary>
    public Task WaitFor(string name) => Of(name).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public override Task WriteLineAsync(string? value)
    {
        lock (_lock)
        {
            WriteLine(value);
        }

        var name = System.Text.Json.JsonDocument.Parse(value!).RootElement.GetProperty("event").GetString()!;
        Of(name).TrySetResult();
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private TaskCompletionSource Of(string name) => _seen.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
