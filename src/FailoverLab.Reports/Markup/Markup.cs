namespace FailoverLab.Reports;

/// <summary>Text that is already HTML or SVG and is put into a page as it is. Everything else is encoded.</summary>
/// <param name="Text">Well-formed markup; never made from a foreign string except through <see cref="MarkupWriter"/>.</param>
internal readonly record struct Markup(string Text)
{
    /// <summary>No markup.</summary>
    public static Markup Empty { get; } = new(string.Empty);
}
