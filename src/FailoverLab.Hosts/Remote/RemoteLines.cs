using System.Text;

namespace FailoverLab.Hosts;

/// <summary>Cuts bytes into lines, none longer than the protocol allows. Pure.</summary>
internal sealed class RemoteLines
{
    private readonly byte[] _line = new byte[RemoteFrame.MaxLength];
    private int _length;

    /// <summary>Whether a line is begun and not ended: the other side stopped in the middle of it.</summary>
    public bool IsInLine => _length > 0;

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="take">Gets each whole line.</param>
    /// <returns>Whether no line was too long.</returns>
    public bool Push(ReadOnlySpan<byte> bytes, Action<string> take)
    {
        foreach (var b in bytes)
        {
            if (b == '\n')
            {
                var end = _length > 0 && _line[_length - 1] == '\r' ? _length - 1 : _length;
                _length = 0;
                take(Encoding.Latin1.GetString(_line, 0, end));
            }
            else if (_length == _line.Length)
            {
                return false;
            }
            else
            {
                _line[_length++] = b;
            }
        }

        return true;
    }
}
