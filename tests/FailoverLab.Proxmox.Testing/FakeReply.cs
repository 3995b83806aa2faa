namespace FailoverLab.Proxmox.Testing;

/// <summary>What the fake host answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Data">The <c>data</c> of a good answer; <see langword="null"/> for none.</param>
public sealed record FakeReply(int Status, object? Data = null)
{
    /// <summary>Text beside the status and, unless <see cref="IsReasonOnly"/>, the <c>message</c> of the body.</summary>
    public string Message { get; init; } = "";

    /// <summary>Faults by parameter.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the text stands beside the status only, as old hosts have it.</summary>
    public bool IsReasonOnly { get; init; }

    /// <summary>How many there are in all, for parts of a list.</summary>
    public int? Total { get; init; }

    /// <summary>A good answer.</summary>
    public static FakeReply Ok(object? data) => new(200, data);

    /// <summary>An error in PVE's words.</summary>
    public static FakeReply Error(int status, string message) => new(status) { Message = message };
}
