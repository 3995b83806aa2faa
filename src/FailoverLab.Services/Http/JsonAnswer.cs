using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>Writes JSON answers member by member: no reflection, so a service starts fast.</summary>
internal static class JsonAnswer
{
    /// <summary>Writes one object.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    /// <summary>Writes an object with status 200.</summary>
    public static Task OkAsync(HttpContext context, Action<Utf8JsonWriter> members) => WriteAsync(context, StatusCodes.Status200OK, members);

    /// <summary>Says what is wrong, in the member <c>detail</c>.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string reason) => WriteAsync(context, status, json => json.WriteString("detail", reason));

    /// <summary>Unix seconds with fraction.</summary>
    public static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
}
