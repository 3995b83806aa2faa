using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>Writes JSON answers member by member: no reflection, so a service starts fast; into one buffer a thread, so an answer allocates nothing.</summary>
internal static class JsonAnswer
{
    [ThreadStatic]
    private static Page? _page;

    /// <summary>Writes one object.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">Status code.</param>
    /// <param name="members">Writes the members.</param>
    /// <param name="last">Bytes that stand before the closing brace: a member that many answers share, with its leading comma.</param>
    public static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members, ReadOnlySpan<byte> last = default)
    {
        var page = _page ??= new Page();
        page.Bytes.ResetWrittenCount();
        page.Json.Reset(page.Bytes);
        page.Json.WriteStartObject();
        members(page.Json);
        page.Json.WriteEndObject();
        page.Json.Flush();
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = page.Bytes.WrittenCount + last.Length;
        response.BodyWriter.Write(page.Bytes.WrittenSpan[..^1]);
        response.BodyWriter.Write(last);
        response.BodyWriter.Write("}"u8);

        // Not ended with the request: who has closed only its own half still reads.
        var flushed = response.BodyWriter.FlushAsync(CancellationToken.None);
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }

    /// <summary>Writes an object with status 200.</summary>
    public static Task OkAsync(HttpContext context, Action<Utf8JsonWriter> members) => WriteAsync(context, StatusCodes.Status200OK, members);

    /// <summary>Says what is wrong, in the member <c>detail</c>.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string reason) => WriteAsync(context, status, json => json.WriteString("detail", reason));

    /// <summary>Unix seconds with fraction.</summary>
    public static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private sealed class Page
    {
        public Page() => Json = new Utf8JsonWriter(Bytes);

        public ArrayBufferWriter<byte> Bytes { get; } = new(4096);

        public Utf8JsonWriter Json { get; }
    }
}
