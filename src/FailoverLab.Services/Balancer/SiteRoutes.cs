using FailoverLab.Control;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>The balancer's routes by which the network controller and the business server make themselves known, and by which others find them.</summary>
/// <param name="directory">What is known.</param>
/// <param name="time">Clock.</param>
internal sealed class SiteRoutes(SiteDirectory directory, TimeProvider time)
{
    /// <summary>The four routes.</summary>
    public IEnumerable<ApiRoute> All() =>
        [.. Pair(SiteDirectory.Controller, "network controller", "controller not registered"), .. Pair(SiteDirectory.Business, "business server", "business server not registered")];

    private IEnumerable<ApiRoute> Pair(string kind, string name, string unknown)
    {
        var (id, ip, timestamp) = (ApiField.Text($"{kind}_id", $"id of the {name}"), ApiField.Text($"{kind}_ip", "where it is"), ApiField.Number("timestamp", "its clock, Unix seconds; not used", -BalancerFields.Far, BalancerFields.Far));
        yield return new("POST", $"/register_{kind}", AccessNeed.ReportOwn, $"Takes the {name}'s word of where it is.", call => RegisterAsync(call, kind, id, ip, timestamp))
        {
            Body = [id, ip, timestamp],
            Answer = [ApiField.Text("status", "'ok'")],
        };
        yield return new("GET", $"/{kind}_info", AccessNeed.ReadAny, $"Where the {name} is, as it last said.", call => TellAsync(call, kind, unknown))
        {
            Answer = [id, ip, ApiField.Number("reported_timestamp", "its clock then, Unix seconds"), ApiField.Number("registered_at", "when it was heard, Unix seconds")],
            Faults = new Dictionary<int, string> { [StatusCodes.Status404NotFound] = "It has not registered." },
        };
    }

    private async Task RegisterAsync(ApiCall call, string kind, ApiField id, ApiField ip, ApiField timestamp)
    {
        if (await call.ReadAsync(r => new SiteHost(kind, r.Required(id), r.Required(ip), r.Number(timestamp), time.GetUtcNow()), h => h.Id) is { } host)
        {
            directory.Register(host);
            await call.OkAsync(json => json.WriteString("status", "ok"));
        }
    }

    private Task TellAsync(ApiCall call, string kind, string unknown) => directory.Find(kind) is not { } host
        ? call.ErrorAsync(StatusCodes.Status404NotFound, unknown)
        : call.OkAsync(json =>
        {
            json.WriteString($"{kind}_id", host.Id);
            json.WriteString($"{kind}_ip", host.Address);
            json.WriteNumber("reported_timestamp", host.ReportedTimestamp);
            json.WriteNumber("registered_at", JsonAnswer.Seconds(host.RegisteredAt));
        });
}
