using System.Runtime.CompilerServices;
using System.Text;

namespace FailoverLab.Reports;

/// <summary>Collects markup. Not thread-safe.</summary>
internal sealed class MarkupWriter
{
    /// <summary>What was written so far.</summary>
    public StringBuilder Target { get; } = new();

    /// <summary>Adds literal markup whose holes are encoded, and a line feed.</summary>
    public MarkupWriter Line([InterpolatedStringHandlerArgument("")] MarkupInterpolation markup)
    {
        _ = markup;
        Target.Append('\n');
        return this;
    }

    /// <summary>Adds literal markup whose holes are encoded.</summary>
    public MarkupWriter Add([InterpolatedStringHandlerArgument("")] MarkupInterpolation markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>What was written, as markup.</summary>
    public Markup ToMarkup() => new(Target.ToString());
}
