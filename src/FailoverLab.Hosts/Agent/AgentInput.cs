using System.Text;

namespace FailoverLab.Hosts;

/// <summary>Lines of a stream, read as they come. One reader.</summary>
internal sealed class AgentInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _line = new();
    private int _at;
    private int _end;

    /// <summary>The next line without its end, or <see langword="null"/> at the end of the stream.</summary>
    public string? ReadLine()
    {
        _line.SetLength(0);
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, stream.Read(_buffer));
                if (_end <= 0)
                {
                    return null;
                }
            }

            var rest = _buffer.AsSpan(_at, _end - _at);
            var length = rest.IndexOf((byte)'\n');
            if (length >= 0)
            {
                _line.Write(rest[..length]);
                _at += length + 1;
                return Encoding.Latin1.GetString(_line.GetBuffer(), 0, (int)_line.Length);
            }

            _line.Write(rest);
            _at = _end;
        }
    }
}
