using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>One request to one route, by someone who may make it.</summary>
/// <param name="Context">The request.</param>
/// <param name="Route">The route.</param>
/// <param name="Grant">What the caller may do.</param>
internal sealed record ApiCall(HttpContext Context, ApiRoute Route, AccessGrant Grant)
{
    /// <summary>The path's parameter.</summary>
    public string Parameter => Route.Parameter is { } name ? Context.Request.RouteValues[name] as string ?? "" : "";

    /// <summary>Answers with an object.</summary>
    public Task OkAsync(Action<Utf8JsonWriter> members) => JsonAnswer.OkAsync(Context, members);

    /// <summary>Answers with what is wrong.</summary>
    public Task ErrorAsync(int status, string reason) => JsonAnswer.ErrorAsync(Context, status, reason);

    /// <summary>Reads the body; a <see langword="null"/> was answered already.</summary>
    /// <param name="read">Takes the members; what is wrong with them is kept for one answer.</param>
    /// <param name="deviceOf">The device that the body speaks for; the caller must be allowed to.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public async Task<T?> ReadAsync<T>(Func<JsonRequest, T> read, Func<T, string>? deviceOf = null)
        where T : class
    {
        if (!JsonRequest.IsJson(Context.Request.ContentType))
        {
            await ErrorAsync(StatusCodes.Status415UnsupportedMediaType, "the body's Content-Type is not application/json");
            return null;
        }

        using var request = await JsonRequest.ReadAsync(Context);
        var body = read(request);
        if (request.Faults is { } faults)
        {
            await ErrorAsync(StatusCodes.Status422UnprocessableEntity, faults);
            return null;
        }

        return deviceOf is null || await MayActForAsync(deviceOf(body)) ? body : null;
    }

    /// <summary>Whether the caller may speak for a device; otherwise that was answered.</summary>
    public async Task<bool> MayActForAsync(string device)
    {
        if (Grant.MayActFor(device))
        {
            return true;
        }

        await ErrorAsync(StatusCodes.Status403Forbidden, "a device speaks only for itself: this token belongs to another one");
        return false;
    }

    /// <summary>The path's parameter as an id the caller may ask about; <see langword="null"/> was answered already.</summary>
    public async Task<string?> ReadIdAsync()
    {
        var id = Parameter;
        if (ApiText.IsId(id))
        {
            return await MayActForAsync(id) ? id : null;
        }

        await ErrorAsync(StatusCodes.Status422UnprocessableEntity, $"the id must be {ApiText.IdForm}");
        return null;
    }
}
