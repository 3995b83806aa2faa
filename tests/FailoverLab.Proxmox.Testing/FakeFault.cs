using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FailoverLab.Proxmox.Testing;

/// <summary>Something that goes wrong with requests, once or several times.</summary>
/// <param name="When">Which requests.</param>
/// <param name="Act">What is done in place of the answer.</param>
public sealed record FakeFault(Func<FakeRequest, bool> When, Func<HttpContext, Task> Act)
{
    /// <summary>How many more times.</summary>
    public int Times { get; set; } = 1;

    /// <summary>Whether the request is carried out before its answer is lost.</summary>
    public bool IsAfter { get; init; }

    /// <summary>An error of a proxy or an old host: its text stands beside the status only.</summary>
    public static FakeFault Status(Func<FakeRequest, bool> when, int status, string reason) => new(when, context =>
    {
        context.Response.StatusCode = status;
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = reason;
        return Task.CompletedTask;
    });

    /// <summary>Some body with status 200.</summary>
    public static FakeFault Body(Func<FakeRequest, bool> when, string type, string text, int status = 200) => new(when, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text);
    });

    /// <summary>A redirection.</summary>
    public static FakeFault Redirect(Func<FakeRequest, bool> when, string to) => new(when, context =>
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    });

    /// <summary>The beginning of an answer, then the connection is cut.</summary>
    public static FakeFault Torn(Func<FakeRequest, bool> when) => new(when, async context =>
    {
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("{\"data\":[");
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>The connection is cut; with <paramref name="isAfter"/> only after the request was carried out.</summary>
    public static FakeFault Cut(Func<FakeRequest, bool> when, bool isAfter = false) => new(when, context =>
    {
        context.Abort();
        return Task.CompletedTask;
    })
    { IsAfter = isAfter };

    /// <summary>No answer ever.</summary>
    public static FakeFault Silence(Func<FakeRequest, bool> when) => new(when, context => Forever(context.RequestAborted));

    /// <summary>An answer that never ends, in pieces of 64 KiB.</summary>
    public static FakeFault Endless(Func<FakeRequest, bool> when) => new(when, async context =>
    {
        var piece = new string(' ', 64 * 1024);
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(piece, context.RequestAborted);
        }
    });

    /// <summary>An answer that never ends, a byte and then nothing.</summary>
    public static FakeFault Trickle(Func<FakeRequest, bool> when) => new(when, async context =>
    {
        await context.Response.WriteAsync("{", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Forever(context.RequestAborted);
    });

    private static async Task Forever(CancellationToken ended)
    {
        var never = new TaskCompletionSource();
        await using var registration = ended.Register(() => never.TrySetResult());
        await never.Task;
    }
}
