namespace FailoverLab.Proxmox;

/// <summary>A method of the PVE API that this program calls. There are no others than those of <see cref="PveCalls"/>.</summary>
public sealed class PveCall
{
    internal PveCall(HttpMethod method, string path, string privileges, params IReadOnlyList<PveParameter> parameters) =>
        (Method, Path, Privileges, Parameters) = (method, path, privileges, parameters);

    /// <summary>GET, POST, PUT or DELETE.</summary>
    public HttpMethod Method { get; }

    /// <summary>Path below <c>/api2/json</c>; names in braces are filled with parameters.</summary>
    public string Path { get; }

    /// <summary>Privileges of which one is needed, parted by <c>|</c>, and the object they are needed on behind <c>@</c>; empty for every user.</summary>
    public string Privileges { get; }

    /// <summary>Every parameter that is ever sent, those of the path first.</summary>
    public IReadOnlyList<PveParameter> Parameters { get; }

    /// <summary>Whether asking twice is the same as asking once, so that it may be repeated where the answer was lost.</summary>
    public bool IsRead => Method == HttpMethod.Get;

    /// <summary>Method and path.</summary>
    public override string ToString() => $"{Method} {Path}";

    /// <summary>The call with its values.</summary>
    /// <param name="values">Names and values; a value of <see langword="null"/> is left out, a name stands again for each item of a list.</param>
    /// <exception cref="PveException">A value may not be sent (<see cref="PveFault.BadRequest"/>).</exception>
    internal PveRequest With(params IEnumerable<(string Name, string? Value)> values)
    {
        var sent = values.Where(v => v.Value is not null).Select(v => new KeyValuePair<string, string>(v.Name, v.Value!)).ToList();
        foreach (var (name, value) in sent)
        {
            var parameter = Parameters.FirstOrDefault(p => p.IsNamed(name)) ?? throw new ArgumentException($"{this} is not called with '{name}' by this program", nameof(values));
            if (parameter.FaultOf(value) is { } fault)
            {
                throw new PveException(PveFault.BadRequest, $"{this}: {name}: {fault}") { Parameters = new Dictionary<string, string> { [name] = fault } };
            }
        }

        return Parameters.FirstOrDefault(p => p.IsRequired && !sent.Exists(s => p.IsNamed(s.Key))) is { } missing
            ? throw new ArgumentException($"{this} needs '{missing.Name}'", nameof(values))
            : new PveRequest(this, sent);
    }
}
