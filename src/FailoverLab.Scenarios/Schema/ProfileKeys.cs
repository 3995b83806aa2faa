namespace FailoverLab.Scenarios;

/// <summary>Keys of profile files.</summary>
internal static class ProfileKeys
{
    private const string Req = KeySpec.RequiredWord;

    public static KeyGroup File { get; } = new("profileFile", "the profile file",
        new("version", "number", "1", Req, "version: 1", "version of this form", Shape.Only(1)),
        new("name", "text", "1 to 40 of a-z 0-9 _ -; the file's own name", Req, "name: lte", "what other files call it", Shape.Pattern("^[a-z0-9_-]{1,40}$")),
        new("description", "text", "any", "none", "description: A busy cell.", "one sentence for people", Shape.Text()),
        new("source", "text", "any", Req, "source: measured in May, see notes.md", "where the values come from", Shape.Text()),
        new("both", "mapping", "impairments", "a perfect link", "both: { delay: 20ms }", "both directions", Shape.Group("profile")),
        new("up", "mapping", "impairments", "as `both`", "up: { rate: 10Mbit/s }", "from the site; on top of `both`", Shape.Group("profile")),
        new("down", "mapping", "impairments", "as `both`", "down: { rate: 50Mbit/s }", "towards the site; on top of `both`", Shape.Group("profile")));
}
