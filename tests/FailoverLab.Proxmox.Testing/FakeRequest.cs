namespace FailoverLab.Proxmox.Testing;

/// <summary>A request as the fake host got it.</summary>
/// <param name="Method">GET, POST, PUT or DELETE.</param>
/// <param name="Path">Below <c>/api2/json</c>, decoded.</param>
/// <param name="Values">Query or form, decoded, in the order sent.</param>
/// <param name="Headers">Its headers.</param>
public sealed record FakeRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Values, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>A value; empty where it was not sent.</summary>
    public string this[string name] => Values.FirstOrDefault(v => v.Key == name).Value ?? "";

    /// <summary>Method and path.</summary>
    public override string ToString() => $"{Method} {Path}";
}
