using System.Net;

namespace FailoverLab.Stack;

/// <summary>
/// Tells once when the balancer begins to refuse what it is asked: a wrong token, a certificate that is not trusted, an answer that cannot be read. One that is away,
/// or has no router to name, is nothing to tell. One thread at a time.
/// </summary>
internal sealed class BalancerComplaint(Action<string> report)
{
    private string? _said;

    /// <summary>Whether an answer is a good one; a refusal is told.</summary>
    public bool IsGood(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
        {
            _said = null;
            return true;
        }

        if ((int)answer.StatusCode is >= 400 and < 500)
        {
            Tell($"the balancer refuses: {(int)answer.StatusCode} {answer.ReasonPhrase}{(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "; see load_balancer.token" : "")}");
        }

        return false;
    }

    /// <summary>A request that failed; what only says that nobody is there is not told.</summary>
    public void OnFailure(HttpRequestException failure)
    {
        if (failure.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            Tell($"the balancer's certificate is not taken: {failure.InnerException?.Message ?? failure.Message}; see load_balancer.ca");
        }
    }

    /// <summary>An answer that is none.</summary>
    public void OnNonsense(string why) => Tell($"the balancer's answer cannot be read: {why}");

    private void Tell(string what)
    {
        if (what != _said)
        {
            _said = what;
            report(what);
        }
    }
}
