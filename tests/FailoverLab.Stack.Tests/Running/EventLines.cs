using System.Text;

namespace FailoverLab.Stack.Tests;

/// <summary>Collects the event lines a program writes, and waits for one.</summary>
internal sealed class EventLines : MemoryStream
{
    private readonly List<string> _lines = [];
    private readonly StringBuilder _rest = new();

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lines)
        {
            foreach (var c in Encoding.UTF8.GetString(buffer))
            {
                if (c != '\n')
                {
                    _rest.Append(c);
                    continue;
                }

                _lines.Add(_rest.ToString());
                _rest.Clear();
            }

            Monitor.PulseAll(_lines);
        }
    }

    public string WaitFor(string name, TimeSpan patience, int skip = 0)
    {
        var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        lock (_lines)
        {
            while (true)
            {
                if (_lines.Where(l => l.Contains($"\"event\":\"{name}\"", StringComparison.Ordinal)).Skip(skip).FirstOrDefault() is { } found)
                {
                    return found;
                }

                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_lines, (int)left))
                {
                    throw new TimeoutException($"no event '{name}' within {patience}; seen:\n{string.Join('\n', _lines)}");
                }
            }
        }
    }
}
