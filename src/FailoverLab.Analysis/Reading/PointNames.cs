namespace FailoverLab.Analysis;

/// <summary>Numbers capture points from 0. Safe to use from several threads.</summary>
internal sealed class PointNames
{
    private readonly Lock _lock = new();
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The name of a point.</summary>
    public string this[int point]
    {
        get
        {
            lock (_lock) return _names[point];
        }
    }

    /// <summary>All points so far; in no order that may be relied on.</summary>
    public IReadOnlySet<string> All
    {
        get
        {
            lock (_lock) return _names.ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>The number of a point, a new one for a new name.</summary>
    public int NumberOf(string name)
    {
        lock (_lock)
        {
            if (!_numbers.TryGetValue(name, out var number))
            {
                number = _names.Count;
                _names.Add(name);
                _numbers.Add(name, number);
            }

            return number;
        }
    }
}
