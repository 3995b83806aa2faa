using System.Collections.Concurrent;
using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>Applies route changes with iproute2 on a thread of its own, in order, many at a time.</summary>
internal sealed class RouteWorker : IDisposable
{
    private readonly BlockingCollection<string> _commands = [];
    private readonly TextWriter _error;
    private readonly Thread _thread;

    public RouteWorker(TextWriter error)
    {
        _error = error;
        _thread = new Thread(Work) { Name = "routes", IsBackground = true };
        _thread.Start();
    }

    public void Add(string command) => _commands.Add(command);

    public void Dispose()
    {
        _commands.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(2));
    }

    private void Work()
    {
        var batch = new List<string>();
        foreach (var first in _commands.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (_commands.TryTake(out var next))
            {
                batch.Add(next);
            }

            var complaint = IpBatch.Run(batch, keepGoing: true);
            if (complaint.Length > 0)
            {
                _error.WriteLine($"warning: {complaint}");
            }
        }
    }
}
