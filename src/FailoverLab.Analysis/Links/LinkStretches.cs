namespace FailoverLab.Analysis;

/// <summary>Sorts one flow's packets over one link into the stretches in which something certain was asked of it.</summary>
internal sealed class LinkStretches
{
    private readonly LinkAsked[] _asked;
    private readonly StretchCount?[] _counts;
    private int _last;

    private LinkStretches(LinkAsked[] asked) => (_asked, _counts) = (asked, new StretchCount?[asked.Length]);

    /// <summary>The stretches of a path; absent where nothing was asked of it.</summary>
    public static LinkStretches? Of(AnalysisContext context, string path)
    {
        var asked = context.Links.Where(l => l.Path == path).ToArray();
        return asked.Length == 0 ? null : new LinkStretches(asked);
    }

    /// <summary>Counts a packet that entered.</summary>
    public void Add(bool isUp, long entryNs, long exitNs, int length)
    {
        var at = Find(isUp, entryNs);
        if (at >= 0) (_counts[at] ??= new StretchCount()).Add(entryNs, exitNs, length);
    }

    /// <summary>What was counted in a stretch; absent for none.</summary>
    public StretchCount? Count(LinkAsked asked)
    {
        var at = Array.IndexOf(_asked, asked);
        return at < 0 ? null : _counts[at];
    }

    private int Find(bool isUp, long entryNs)
    {
        // Packets settle nearly in order of time, so the stretch of the one before is the first guess.
        for (var tried = 0; tried < _asked.Length; tried++, _last = (_last + 1) % _asked.Length)
        {
            var asked = _asked[_last];
            if (asked.IsUp == isUp && entryNs >= asked.FromNs && entryNs < asked.ToNs) return _last;
        }

        return -1;
    }
}
