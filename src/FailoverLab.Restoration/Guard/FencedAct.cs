using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>What lies ready behind the fence of a host, at its gate.</summary>
internal sealed class FencedAct(string host, IGatedProgram program) : IPreparedAct
{
    /// <inheritdoc/>
    public async Task<ActResult> ActAsync()
    {
        var end = await program.EndAsync();
        if (FencedShell.IsOver(end.Result))
        {
            throw FencedShell.Over(host);
        }

        var lines = end.Result.Output.Split('\n').ToList();
        var (ready, done) = (Stamp(lines, "@ready "), Stamp(lines, "@done "));

        // A gate that opened before anybody stood at it has not done anything until then.
        var act = new LinkAct(Math.Max(end.OpenedNs, ready), done > 0 ? Math.Min(done, end.EndedNs) : end.EndedNs, end.OffsetNs, end.BoundNs);
        var said = string.Join('\n', lines.Where(l => !l.StartsWith('@'))).Trim();
        return new ActResult(end.Result with { Output = said }, act);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => program.DisposeAsync();

    /// <summary>An instant that the host printed; 0 where it has no clock that can be read so.</summary>
    private static long Stamp(List<string> lines, string mark) =>
        lines.FirstOrDefault(l => l.StartsWith(mark, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[mark.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var ns) ? ns : 0;
}
