using FailoverLab.Packets;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>From captures to the run record. Methods and definitions: docs/MEASUREMENT.md.</summary>
public static class CaptureAnalyzer
{
    /// <summary>Analyses captures. The result depends on nothing but the files and the context; a file that is no capture is a caveat
    /// (<c>capture-unreadable</c>) and not in the record.</summary>
    /// <param name="captures">Capture files, all stamped by one clock; order gives the order in the record.</param>
    /// <param name="context">What is known beside them; <see cref="AnalysisContext.Empty"/> for loose captures.</param>
    /// <param name="token">Ends the reading early.</param>
    /// <returns>The record without its run-only members.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public static RunResult Analyze(IReadOnlyList<CaptureInput> captures, AnalysisContext context, CancellationToken token)
    {
        using var pass = Read(captures, context, token);
        return new ResultBuilder(pass, context).Build();
    }

    /// <summary>The same, and copies the captures into one pcapng, in order of time, with a comment on each packet that was lost or that an
    /// outage or a move of the working path begins or ends with.</summary>
    /// <param name="captures">As in <see cref="Analyze"/>.</param>
    /// <param name="context">As in <see cref="Analyze"/>.</param>
    /// <param name="copy">Where the copy is written.</param>
    /// <param name="token">Ends the work early.</param>
    /// <returns>As <see cref="Analyze"/>.</returns>
    /// <exception cref="IOException">The copy could not be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public static RunResult Annotate(IReadOnlyList<CaptureInput> captures, AnalysisContext context, PcapngWriter copy, CancellationToken token)
    {
        using var pass = Read(captures, context, token);
        var result = new ResultBuilder(pass, context).Build();
        new CaptureAnnotator(pass, context).Write(captures, copy, token);
        return result;
    }

    /// <summary>Reads the captures; once more where a tunnel hid a flow, now that it is known where to look for it.</summary>
    private static CapturePass Read(IReadOnlyList<CaptureInput> captures, AnalysisContext context, CancellationToken token)
    {
        var pass = new CapturePass(captures, context);
        try
        {
            pass.Run(token);
            if (HiddenFlow.Find(pass) is not { Count: > 0 } hidden) return pass;
            if (!captures.All(c => CaptureLocation.CanBeReadAgain(c.File)))
            {
                pass.Unsought = hidden;
                return pass;
            }

            pass.Dispose();
            pass = new CapturePass(captures, context, hidden);
            pass.Run(token);
            return pass;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }
}
