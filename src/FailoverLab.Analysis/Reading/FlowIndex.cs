using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Numbers flows from 0 in order of appearance. Open addressing, so that finding a known flow touches two cache lines; small probe
/// flow numbers, which nearly all packets of a run carry, are looked up directly.</summary>
internal sealed class FlowIndex
{
    /// <summary>Flows that are followed, of one stream and of all together: what is kept of a flow is some kilobytes, so that made-up flows cannot fill the memory.</summary>
    public const int MostFlows = 8192;

    /// <summary>No number: the flow is one too many.</summary>
    public const int None = -1;

    private const uint DirectProbes = 1 << 16;

    private FlowKey[] _keys = new FlowKey[64];
    private int[] _slots = new int[256];
    private int[] _probes = new int[64];

    /// <summary>Knows no flows.</summary>
    public FlowIndex()
    {
    }

    /// <summary>Knows what another does by now.</summary>
    public FlowIndex(FlowIndex other)
    {
        (_keys, _slots, _probes) = ([.. other._keys], [.. other._slots], [.. other._probes]);
        Count = other.Count;
    }

    /// <summary>Flows seen.</summary>
    public int Count { get; private set; }

    /// <summary>The flow with a number.</summary>
    public FlowKey this[int number] => _keys[number];

    /// <summary>The flow's number; a new flow gets the next one, or <see cref="None"/> where there are too many.</summary>
    public int NumberOf(in FlowKey key)
    {
        var mask = _slots.Length - 1;
        for (var slot = key.TableHash() & mask; ; slot = (slot + 1) & mask)
        {
            var number = _slots[slot] - 1;
            if (number < 0) return Count < MostFlows ? Add(key, slot) : None;
            if (_keys[number] == key) return number;
        }
    }

    /// <summary>Numbers of probe flows on their way out plus 1, by flow; 0 = not met.</summary>
    public ReadOnlySpan<int> Probes => _probes;

    /// <summary>The number of a probe flow on its way out; a new flow gets the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NumberOfProbe(uint flowId) =>
        flowId < (uint)_probes.Length && _probes[flowId] is > 0 and var number ? number - 1 : MeetProbe(flowId);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int MeetProbe(uint flowId)
    {
        var number = NumberOf(new FlowKey(flowId));
        if (flowId >= DirectProbes) return number;
        if (flowId >= _probes.Length) Array.Resize(ref _probes, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(flowId + 1));
        _probes[flowId] = number + 1;
        return number;
    }

    private int Add(in FlowKey key, int slot)
    {
        if (Count == _keys.Length) Array.Resize(ref _keys, Count * 2);
        _keys[Count] = key;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length) Rehash();
        return Count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 4];
        var mask = _slots.Length - 1;
        for (var number = 0; number < Count; number++)
        {
            var slot = _keys[number].TableHash() & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = number + 1;
        }
    }
}
