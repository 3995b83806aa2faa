using System.Runtime.CompilerServices;

namespace FailoverLab.Analysis;

/// <summary>Room for sightings of flows that are in a batch already.</summary>
/// <param name="places">All room, as much for each flow.</param>
/// <param name="counts">Sightings of each flow so far.</param>
/// <param name="room">Places of a flow.</param>
internal readonly ref struct SightingPlaces(Span<Sighting> places, Span<int> counts, int room)
{
    private readonly Span<Sighting> _places = places;
    private readonly Span<int> _counts = counts;

    /// <summary>A place taken.</summary>
    public ref Sighting this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _places[place];
    }

    /// <summary>Takes the next place of a flow.</summary>
    /// <returns>Whether the flow has one left, and one taken already.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(int flow, out int place)
    {
        if ((uint)flow < (uint)_counts.Length)
        {
            ref var count = ref _counts[flow];
            if (count > 0 && count < room)
            {
                place = (flow * room) + count;
                count++;
                return true;
            }
        }

        place = 0;
        return false;
    }
}
