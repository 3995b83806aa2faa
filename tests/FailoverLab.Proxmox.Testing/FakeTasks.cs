using System.Collections.Concurrent;
using System.Globalization;

namespace FailoverLab.Proxmox.Testing;

/// <summary>Tasks of the fake host.</summary>
internal sealed class FakeTasks(SkewedTime time)
{
    private readonly ConcurrentDictionary<string, (int Polls, string End)> _tasks = new(StringComparer.Ordinal);
    private int _next = 0x1000;

    public ConcurrentQueue<string> Ends { get; } = [];

    public int Polls { get; set; }

    /// <summary>Begins a task; its work is done at once where it ends well.</summary>
    public FakeReply Begin(string type, int vmid, Action work)
    {
        var end = Ends.TryDequeue(out var asked) ? asked : "OK";
        if (end == "OK" || end.StartsWith("WARNINGS", StringComparison.Ordinal))
        {
            work();
        }

        var upid = string.Create(
            CultureInfo.InvariantCulture, $"UPID:pve1:{Interlocked.Increment(ref _next):X8}:0123ABCD:{time.GetUtcNow().ToUnixTimeSeconds():X8}:{type}:{vmid}:{FakePve.User}:");
        _tasks[upid] = (Polls, end);
        return FakeReply.Ok(upid);
    }

    public FakeReply Status(string upid)
    {
        if (!_tasks.TryGetValue(upid, out var task) || Upid.Parse(upid) is not { } name)
        {
            return FakeReply.Error(500, "no such task");
        }

        var answer = new Dictionary<string, object>
        {
            ["upid"] = upid,
            ["node"] = name.Node,
            ["pid"] = name.Pid,
            ["pstart"] = 1,
            ["starttime"] = name.StartedAt.ToUnixTimeSeconds(),
            ["type"] = name.Type,
            ["id"] = name.Id,
            ["user"] = name.User,
            ["status"] = task.Polls > 0 ? "running" : "stopped",
        };
        if (task.Polls > 0)
        {
            _tasks[upid] = (task.Polls - 1, task.End);
        }
        else if (task.End.Length > 0)
        {
            answer["exitstatus"] = task.End;
        }

        return FakeReply.Ok(answer);
    }

    public FakeReply Log(string upid, int start, int limit)
    {
        if (!_tasks.TryGetValue(upid, out var task))
        {
            return FakeReply.Error(500, "no such task");
        }

        string[] lines = [.. Enumerable.Range(1, 60).Select(i => $"step {i}"), task.End == "OK" ? "TASK OK" : $"TASK ERROR: {task.End}"];
        return FakeReply.Ok(lines.Select((t, i) => new { n = i + 1, t }).Skip(start).Take(limit)) with { Total = lines.Length };
    }
}
