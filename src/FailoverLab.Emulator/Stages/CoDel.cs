namespace FailoverLab.Emulator;

/// <summary>
/// Decides of each packet at the head of a queue whether it is dropped. The state machine of RFC 8289, section 5, turned inside out: it is
/// asked of one packet after the other instead of taking them itself.
/// </summary>
internal sealed class CoDel
{
    private long _firstAboveNs;
    private long _dropNextNs;
    private long _count;
    private long _lastCount;
    private bool _isDropping;
    private bool _hasJustBegun;
    private bool _hasJustDropped;
    private int _longestPacket;

    internal void Reset() =>
        (_firstAboveNs, _dropNextNs, _count, _lastCount, _isDropping, _hasJustBegun, _hasJustDropped) = (0, 0, 0, 0, false, false, false);

    /// <summary>Whether the packet at the head is dropped. The next one is asked of at the same instant then.</summary>
    /// <param name="nowNs">When it could be sent.</param>
    /// <param name="waitedNs">How long it waited.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="bytesBehind">Bytes that wait behind it.</param>
    /// <param name="targetNs">TARGET.</param>
    /// <param name="intervalNs">INTERVAL.</param>
    internal bool Takes(long nowNs, long waitedNs, int bytes, long bytesBehind, long targetNs, long intervalNs)
    {
        _longestPacket = Math.Max(_longestPacket, bytes);
        var mayDrop = IsLongAbove(nowNs, waitedNs, bytesBehind, targetNs, intervalNs);
        if (_hasJustBegun)
        {
            // The packet behind the first one dropped goes whatever it waited.
            _hasJustBegun = false;
            return false;
        }

        if (!_isDropping)
        {
            return mayDrop && Begin(nowNs, intervalNs);
        }

        if (!mayDrop)
        {
            (_isDropping, _hasJustDropped) = (false, false);
            return false;
        }

        if (_hasJustDropped)
        {
            _hasJustDropped = false;
            _dropNextNs = Next(_dropNextNs, intervalNs);
        }

        if (nowNs < _dropNextNs)
        {
            return false;
        }

        _count++;
        _hasJustDropped = true;
        return true;
    }

    private bool IsLongAbove(long nowNs, long waitedNs, long bytesBehind, long targetNs, long intervalNs)
    {
        if (waitedNs < targetNs || bytesBehind <= _longestPacket)
        {
            _firstAboveNs = 0;
            return false;
        }

        if (_firstAboveNs == 0)
        {
            _firstAboveNs = nowNs + intervalNs;
            return false;
        }

        return nowNs >= _firstAboveNs;
    }

    private bool Begin(long nowNs, long intervalNs)
    {
        // A rate of drops that helped a moment ago is taken up again.
        var since = _count - _lastCount;
        _count = since > 1 && nowNs - _dropNextNs < 16 * intervalNs ? since : 1;
        _dropNextNs = Next(nowNs, intervalNs);
        _lastCount = _count;
        (_isDropping, _hasJustBegun, _hasJustDropped) = (true, true, false);
        return true;
    }

    private long Next(long fromNs, long intervalNs) => fromNs + (long)(intervalNs / Math.Sqrt(_count));
}
