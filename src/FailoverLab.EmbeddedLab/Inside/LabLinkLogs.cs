using FailoverLab.Dataplane;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>Writes the fate of every packet of every link beside the run, on a thread of its own. A log that cannot be written ends, and the run goes on.</summary>
internal sealed class LabLinkLogs : IDisposable
{
    /// <summary>Lines a direction keeps until they are taken: what passes in a second at the most one link forwards.</summary>
    public const int Lines = 1 << 17;

    /// <summary>Folder of the run directory they are in.</summary>
    public const string Folder = "links";

    private const long PauseNs = 50_000_000;
    private readonly List<(LabLink Link, FateLog Log)> _logs = [];
    private readonly LabReporter _reporter;
    private readonly IClock _clock;
    private readonly Thread _thread;
    private volatile bool _isEnding;

    /// <summary>Begins the files.</summary>
    /// <exception cref="LabException">One cannot be written.</exception>
    public LabLinkLogs(IEnumerable<LabLink> links, string runDirectory, LabReporter reporter, IClock clock)
    {
        (_reporter, _clock) = (reporter, clock);
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(runDirectory, Folder)).FullName;
            foreach (var link in links)
            {
                _logs.Add((link, new FateLog(Path.Combine(folder, $"{link.Plan.Name}.ndjson"))));
            }
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            _logs.ForEach(l => l.Log.Dispose());
            throw new LabException($"the log of links cannot be written: {refusal.Message}", refusal);
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "link logs" };
        _thread.Start();
    }

    /// <summary>Takes what is left and closes the files. The links still run.</summary>
    public void Dispose()
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        _thread.Join();
        foreach (var (link, log) in _logs.ToList())
        {
            Try(link, log, log.Dispose);
            if (log.Lost > 0)
            {
                _reporter.Fault(link.Plan.Wanulator, $"link {link.Plan.Name}: {log.Lost} lines of its log came faster than they could be written");
            }
        }
    }

    private void Run()
    {
        var isLast = false;
        while (!isLast)
        {
            isLast = _isEnding;
            foreach (var (link, log) in _logs.ToList())
            {
                Try(link, log, () =>
                {
                    log.Take(link.Link, LinkDirections.Up);
                    log.Take(link.Link, LinkDirections.Down);
                });
            }

            _clock.WaitUntil(_clock.MonotonicNs + (isLast ? 0 : PauseNs));
        }
    }

    private void Try(LabLink link, FateLog log, Action act)
    {
        try
        {
            act();
        }
        catch (IOException refusal)
        {
            _logs.RemoveAll(l => l.Log == log);
            _reporter.Fault(link.Plan.Wanulator, $"link {link.Plan.Name}: its log ends here: {refusal.Message}");
        }
    }
}
