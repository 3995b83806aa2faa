namespace FailoverLab.Yaml;

/// <summary>How much one file may ask for. Beyond these a file is refused, whatever it means.</summary>
public static class YamlBudget
{
    /// <summary>Bytes of a file.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Levels of nesting.</summary>
    public const int MaxDepth = 64;

    /// <summary>Parser events: scalars, aliases, starts and ends.</summary>
    public const int MaxEvents = 100_000;

    /// <summary>Uses of an alias.</summary>
    public const int MaxAliases = 1_000;

    /// <summary>Nodes when every alias is written out.</summary>
    public const int MaxExpandedNodes = 200_000;

    /// <summary>Characters of one text.</summary>
    public const int MaxScalarLength = 65_536;
}
