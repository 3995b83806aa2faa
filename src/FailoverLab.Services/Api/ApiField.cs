namespace FailoverLab.Services;

/// <summary>
/// A member of a body or an answer. The reader of bodies and the OpenAPI document both take it from here, so what is documented is what is checked.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its JSON type as OpenAPI names it; empty for any.</param>
/// <param name="About">What it is, in a few words.</param>
internal sealed record ApiField(string Name, string Type, string About)
{
    /// <summary>Whether a body must hold it, or an answer always does.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>Smallest number.</summary>
    public double? Min { get; init; }

    /// <summary>Largest number.</summary>
    public double? Max { get; init; }

    /// <summary>The only texts allowed.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Members of an object, or of each object in an array.</summary>
    public IReadOnlyList<ApiField>? Members { get; init; }

    /// <summary>A text that must be there.</summary>
    public static ApiField Text(string name, string about) => new(name, "string", about);

    /// <summary>A number that must be there.</summary>
    public static ApiField Number(string name, string about, double? min = null, double? max = null) => new(name, "number", about) { Min = min, Max = max };

    /// <summary>A list of objects.</summary>
    public static ApiField List(string name, string about, params IReadOnlyList<ApiField> members) => new(name, "array", about) { Members = members };

    /// <summary>The same, but it may be absent or null.</summary>
    public ApiField OrNull() => this with { IsRequired = false };
}
