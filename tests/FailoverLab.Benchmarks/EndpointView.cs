using System.Globalization;
using System.Text.Json;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>What the programs of an <see cref="OutageStack"/> say of themselves, from the lines of their event logs. Safe from any thread.</summary>
internal sealed class EndpointView
{
    private const int LinesKept = 60;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _alive = [];
    private readonly Queue<string> _recent = [];
    private string _path = "";
    private string _router = "";
    private bool _isReady;
    private int _switches;
    private long _decidedNs;
    private long _again;

    /// <summary>The WAN in use: 1 or 2.</summary>
    public int Wan => Look(() => _path == "wan-2" ? 2 : 1);

    /// <summary>The router in use: 0 or 1.</summary>
    public int Router => Look(() => _router == "router-2" ? 1 : 0);

    /// <summary>Decisions so far, the first choice among them.</summary>
    public int Switches => Look(() => _switches);

    /// <summary>When the last decision was made, monotonic ns.</summary>
    public long DecidedNs => Look(() => _decidedNs);

    /// <summary>Packets sent again after switches, both directions.</summary>
    public long SentAgain => Look(() => _again);

    /// <summary>Whether the endpoint serves.</summary>
    public bool IsReady => Look(() => _isReady);

    /// <summary>Tunnels that are alive.</summary>
    public int Alive => Look(() => _alive.Count);

    /// <summary>The last lines of all programs.</summary>
    public string Recent() => Look(() => string.Join('\n', _recent));

    /// <summary>Takes a line of the endpoint.</summary>
    public void TakeEndpoint(string? line)
    {
        if (line is not null)
        {
            Keep(line);
            using var document = JsonDocument.Parse(line);
            Take(document.RootElement.GetProperty("event").GetString()!, document.RootElement);
        }
    }

    /// <summary>Takes a line of a router: what it has sent again counts, the rest is only kept.</summary>
    public void TakeRouter(string? line)
    {
        if (line?.Contains("\"data-replayed\"", StringComparison.Ordinal) == true)
        {
            TakeEndpoint(line);
        }
        else if (line is not null)
        {
            Keep($"router: {line}");
        }
    }

    private void Keep(string line)
    {
        lock (_lock)
        {
            _recent.Enqueue(line);
            _ = _recent.Count > LinesKept && _recent.TryDequeue(out _);
        }
    }

    private void Take(string name, JsonElement line)
    {
        var data = line.GetProperty("data");
        lock (_lock)
        {
            switch (name)
            {
                case "switch-decided":
                    (_path, _router) = (data.GetProperty("path").GetString()!, data.GetProperty("router").GetString()!);
                    _switches++;
                    _decidedNs = line.GetProperty("atNs").GetInt64() - SystemClock.Shared.RealtimeNs + SystemClock.Shared.MonotonicNs;
                    break;
                case "ready":
                    _isReady = true;
                    break;
                case "path-recovered":
                    _alive.Add(Tunnel(data));
                    break;
                case "path-suspect" or "path-degraded" or "path-dead":
                    _alive.Remove(Tunnel(data));
                    break;
                case "data-replayed":
                    _again += long.Parse(data.GetProperty("detail").GetString()!["packets=".Length..], CultureInfo.InvariantCulture);
                    break;
            }
        }
    }

    private static string Tunnel(JsonElement data) => $"{data.GetProperty("path").GetString()} {data.GetProperty("router").GetString()}";

    private T Look<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
