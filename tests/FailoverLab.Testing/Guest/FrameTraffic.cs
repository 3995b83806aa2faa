using System.Buffers.Binary;
using FailoverLab.Linux;

namespace FailoverLab.Testing;

/// <summary>Numbered frames sent over a link and what came of them.</summary>
/// <param name="Sent">Frames sent.</param>
/// <param name="Arrived">Number and delay of each frame in order of arrival, ns.</param>
public sealed record FrameTraffic(int Sent, IReadOnlyList<(int Number, long DelayNs)> Arrived)
{
    private const int HeaderBytes = 14;

    /// <summary>When each frame was sent, by number, ns since the Unix epoch.</summary>
    public IReadOnlyList<long> SentNs { get; init; } = [];

    /// <summary>Frames that never came.</summary>
    public int Lost => Sent - Arrived.Select(a => a.Number).Distinct().Count();

    /// <summary>Frames that came once more.</summary>
    public int Duplicates => Arrived.Count - Arrived.Select(a => a.Number).Distinct().Count();

    /// <summary>Whether none overtook another.</summary>
    public bool IsInOrder => Arrived.Zip(Arrived.Skip(1)).All(p => p.First.Number <= p.Second.Number);

    /// <summary>Sends frames at an even pace and reads until nothing has come for a while.</summary>
    /// <param name="from">Where they go in.</param>
    /// <param name="to">Where they come out.</param>
    /// <param name="count">How many.</param>
    /// <param name="perSecond">Pace.</param>
    /// <param name="bytes">Length of a frame.</param>
    /// <param name="patience">How long nothing may come.</param>
    public static FrameTraffic Send(PacketSocket from, PacketSocket to, int count, int perSecond, int bytes = 100, TimeSpan? patience = null)
    {
        var (sent, arrived, set, clock) = (new long[count], new List<(int, long)>(), new PollSet(to), SystemClock.Shared);
        var silence = (long)(patience ?? TimeSpan.FromMilliseconds(500)).TotalNanoseconds;
        var frame = new byte[bytes];
        new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 }.CopyTo(frame, 0);
        var begin = clock.MonotonicNs;
        for (var number = 0; number < count; number++)
        {
            var due = begin + (number * 1_000_000_000L / perSecond);
            while (clock.MonotonicNs < due)
            {
                set.Wait(due);
                Drain();
            }

            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeaderBytes), number);
            sent[number] = clock.RealtimeNs;
            from.Write(frame);
        }

        for (var until = clock.MonotonicNs + silence; set.Wait(until) || clock.MonotonicNs < until;)
        {
            if (Drain() > 0)
            {
                until = clock.MonotonicNs + silence;
            }
        }

        return new FrameTraffic(count, arrived) { SentNs = sent };

        int Drain()
        {
            var read = 0;
            while (to.TryRead(out var got, out var stamp))
            {
                var number = BinaryPrimitives.ReadInt32BigEndian(got[HeaderBytes..]);
                if (number >= 0 && number < count && sent[number] != 0)
                {
                    arrived.Add((number, stamp - sent[number]));
                }

                read++;
            }

            return read;
        }
    }
}
