using System.Buffers;
using System.Text.Json;
using FailoverLab.Control;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>
/// Writes decisions: one answer holds the members of both published shapes. The list of all routers, 50 KB of 500 routers, is the same for every
/// endpoint and written once a ranking. Safe from any thread.
/// </summary>
internal sealed class DecisionAnswer
{
    private Routers _routers = new(null, []);

    /// <summary>Answers with a decision.</summary>
    /// <param name="context">The request.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="businessServerIp">Where the business server is; <see langword="null"/> when nobody has said.</param>
    /// <param name="now">Now, Unix seconds.</param>
    public Task WriteAsync(HttpContext context, RouterDecision decision, string? businessServerIp, double now) => JsonAnswer.WriteAsync(
        context,
        StatusCodes.Status200OK,
        json =>
        {
            WriteRouter(json, "optimal_router", decision.Primary);
            json.WriteString("business_server_ip", businessServerIp);
            json.WriteNumber("score", decision.Primary.Score);
            json.WriteNumber("timestamp", now);
            WriteRouter(json, "primary_router", decision.Primary);
            json.WriteNumber("primary_score", decision.Primary.Score);
            WriteRouter(json, "backup_router", decision.Backup);
            WriteScore(json, "backup_score", decision.Backup);
            WriteRouter(json, "previous_primary_router", decision.PreviousPrimary);
        },
        RoutersOf(decision.Ranking));

    private byte[] RoutersOf(RouterRanking ranking)
    {
        var routers = _routers;
        return ReferenceEquals(routers.Ranking, ranking) ? routers.Json : (_routers = new Routers(ranking, Write(ranking))).Json;
    }

    private static byte[] Write(RouterRanking ranking)
    {
        var bytes = new ArrayBufferWriter<byte>(128 * (ranking.Valid.Count + 1));
        bytes.Write(",\"routers\":"u8);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartArray();
        foreach (var router in ranking.Valid)
        {
            json.WriteStartObject();
            json.WriteString("router_id", router.Report.RouterId);
            json.WriteString("internal_ip", router.Report.InternalIp);
            json.WriteString("external_ip", router.Report.ExternalIp);
            json.WriteNumber("score", router.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteRouter(Utf8JsonWriter json, string prefix, RouterStanding? router)
    {
        json.WriteString($"{prefix}_id", router?.Report.RouterId);
        json.WriteString($"{prefix}_internal_ip", router?.Report.InternalIp);
        json.WriteString($"{prefix}_external_ip", router?.Report.ExternalIp);
    }

    private static void WriteScore(Utf8JsonWriter json, string name, RouterStanding? router)
    {
        if (router is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, router.Score);
        }
    }

    private sealed record Routers(RouterRanking? Ranking, byte[] Json);
}
