using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Picks the packets shown around a silence: some before, the lost ones (the middle left out where there are many), some after.</summary>
internal static class GapWindow
{
    /// <summary>Packets shown before and after.</summary>
    public const int EdgePackets = 60;

    private const int ShownLost = 200;

    /// <summary>The packets around a silence, as far as they are still kept.</summary>
    public static GapDetail Of(FlowTrack track, Silence silence)
    {
        var rows = track.Rows;
        var before = silence.Before?.Row ?? track.FirstRow;
        var after = silence.After?.Row ?? (rows.End - 1);
        var from = Math.Max(Math.Max(track.FirstRow, rows.First), before - EdgePackets);
        var to = Math.Min(rows.End - 1, after + EdgePackets);
        var shown = new List<long>();
        for (var row = from; row <= to; row++)
        {
            if (row <= before + ShownLost || row >= after - ShownLost) shown.Add(row);
        }

        return new GapDetail
        {
            Sequence = shown,
            SentNs = shown.ConvertAll(row => rows[row].SendNs),
            ReceivedNs = shown.ConvertAll(row => rows[row].ReceivedNs == RowWindow.Missing ? 0 : rows[row].ReceivedNs),
            Path = shown.ConvertAll(row => (int)rows[row].Carrier),
        };
    }
}
