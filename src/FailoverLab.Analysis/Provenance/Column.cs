namespace FailoverLab.Analysis;

/// <summary>Values in a row that keep their room when cleared.</summary>
internal sealed class Column<T>
{
    private T[] _values = new T[256];

    /// <summary>Values held.</summary>
    public int Count { get; private set; }

    /// <summary>The values; valid until one is added.</summary>
    public Span<T> Span => _values.AsSpan(0, Count);

    /// <summary>Adds a value.</summary>
    public void Add(T value)
    {
        if (Count == _values.Length) Array.Resize(ref _values, Count * 2);
        _values[Count++] = value;
    }

    /// <summary>Removes all from a place on.</summary>
    public void Cut(int from) => Count = from;

    /// <summary>Removes all.</summary>
    public void Clear() => Count = 0;
}
