using System.Text.Json;

namespace FailoverLab.Proxmox;

/// <summary>A good answer.</summary>
/// <param name="Call">What was called.</param>
/// <param name="Data">Its <c>data</c>.</param>
/// <param name="Total">How many there are in all, where the answer is part of a list.</param>
internal sealed record PveReply(PveCall Call, JsonElement Data, int? Total)
{
    /// <summary>The answer as an object.</summary>
    /// <exception cref="PveException">It is none.</exception>
    public PveObject Object() => PveObject.Of(Call, Data);

    /// <summary>The answer as a list of objects.</summary>
    /// <exception cref="PveException">It is none.</exception>
    public IEnumerable<PveObject> Objects() =>
        Data.ValueKind == JsonValueKind.Array ? Data.EnumerateArray().Select(e => PveObject.Of(Call, e)).ToList() : throw PveObject.Wrong(Call, "a list", Data);

    /// <summary>The answer as the name of a task.</summary>
    /// <exception cref="PveException">It is none.</exception>
    public Upid Task() => (Data.ValueKind == JsonValueKind.String ? Upid.Parse(Data.GetString()!) : null) ?? throw PveObject.Wrong(Call, "a task's name", Data);
}
