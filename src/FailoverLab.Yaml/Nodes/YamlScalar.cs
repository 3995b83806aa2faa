using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>Text. Types are never guessed: <c>no</c>, <c>1:30</c> and <c>0123</c> stay as written.</summary>
public sealed class YamlScalar : YamlNode
{
    internal YamlScalar(SourcePosition position, string text, bool isPlain)
        : base(position)
    {
        Text = text;
        IsPlain = isPlain;
    }

    /// <summary>The text, quotes and escapes resolved; at most 65,536 characters.</summary>
    public string Text { get; }

    /// <summary>Whether it stands without quotes and is no block text.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether nothing is given: no text, <c>~</c> or <c>null</c> without quotes.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc/>
    public override string KindText => IsNull ? "nothing" : "text";
}
