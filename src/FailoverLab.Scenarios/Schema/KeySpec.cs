using System.Text.Json.Nodes;

namespace FailoverLab.Scenarios;

/// <summary>One key of a file: what the schema checks and what the documentation says.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">Its type and unit in words.</param>
/// <param name="Range">What is allowed, in words.</param>
/// <param name="Default">What holds when it is absent; <c>required</c> when it must be there.</param>
/// <param name="Example">An example as it stands in a file.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="Shape">Its JSON Schema, without description.</param>
internal sealed record KeySpec(string Name, string Type, string Range, string Default, string Example, string Meaning, JsonObject Shape)
{
    public const string RequiredWord = "required";

    public bool IsRequired => Default == RequiredWord;
}
