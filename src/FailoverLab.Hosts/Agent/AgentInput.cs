using System.Text;
using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>Lines of a stream, read as they come. One reader.</summary>
internal sealed class AgentInput(Stream stream, IClock clock)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte> _line = [];
    private int _at;
    private int _end;

    /// <summary>When the kernel last gave something: no line returned before then had come later. CLOCK_REALTIME, ns.</summary>
    public long HeardNs { get; private set; }

    /// <summary>The next line without its end, or <see langword="null"/> at the end of the stream.</summary>
    public string? ReadLine()
    {
        _line.Clear();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, stream.Read(_buffer));
                HeardNs = clock.RealtimeNs;
                if (_end <= 0)
                {
                    return null;
                }
            }

            var rest = _buffer.AsSpan(_at, _end - _at);
            var length = rest.IndexOf((byte)'\n');
            if (length >= 0)
            {
                _line.AddRange(rest[..length]);
                _at += length + 1;
                return Encoding.Latin1.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line));
            }

            _line.AddRange(rest);
            _at = _end;
        }
    }
}
