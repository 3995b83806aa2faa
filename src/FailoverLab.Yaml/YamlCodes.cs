namespace FailoverLab.Yaml;

/// <summary>Codes of the faults every YAML file can have; docs/SCENARIOS.md gives cause and cure of each.</summary>
public static class YamlCodes
{
    /// <summary>The file cannot be opened or read.</summary>
    public const string Unreadable = "FL1001";

    /// <summary>The file is larger than 1 MiB.</summary>
    public const string TooLarge = "FL1002";

    /// <summary>The file is not plain UTF-8 text.</summary>
    public const string NotText = "FL1003";

    /// <summary>The file holds nothing.</summary>
    public const string Empty = "FL1004";

    /// <summary>The text is not YAML from here on.</summary>
    public const string Syntax = "FL1005";

    /// <summary>Nested deeper than 64 levels.</summary>
    public const string TooDeep = "FL1006";

    /// <summary>Too many nodes, aliases or characters in one text.</summary>
    public const string TooMuch = "FL1007";

    /// <summary>An alias without an anchor before it.</summary>
    public const string UnknownAlias = "FL1008";

    /// <summary>An alias inside the node it stands for.</summary>
    public const string CyclicAlias = "FL1009";

    /// <summary>A key that stands twice in one mapping.</summary>
    public const string DuplicateKey = "FL1010";

    /// <summary>A merge key (<c>&lt;&lt;</c>).</summary>
    public const string MergeKey = "FL1011";

    /// <summary>A tag other than the core ones.</summary>
    public const string Tag = "FL1012";

    /// <summary>More than one document in the file.</summary>
    public const string SeveralDocuments = "FL1013";

    /// <summary>A key that is a list or a mapping.</summary>
    public const string ComplexKey = "FL1014";

    /// <summary>A tab in the indentation.</summary>
    public const string Tab = "FL1015";

    /// <summary>A key that is not known here.</summary>
    public const string UnknownKey = "FL1020";

    /// <summary>A required key that is absent.</summary>
    public const string MissingKey = "FL1021";

    /// <summary>A list where text is wanted, and the like.</summary>
    public const string WrongKind = "FL1022";

    /// <summary>A key without a value.</summary>
    public const string NoValue = "FL1023";

    /// <summary>A quantity without its unit, or with another one.</summary>
    public const string Unit = "FL1024";

    /// <summary>A quantity outside its range.</summary>
    public const string OutOfRange = "FL1025";

    /// <summary>A word that is not one of those allowed.</summary>
    public const string NotAllowed = "FL1026";

    /// <summary>Text that does not have the form wanted (number, address, name).</summary>
    public const string Form = "FL1027";

    /// <summary>Two keys that exclude each other, or none of several of which one is needed.</summary>
    public const string Choice = "FL1028";
}
