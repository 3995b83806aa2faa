namespace FailoverLab.Proxmox;

/// <summary>Proves to a host who asks: a token in every request, or a ticket fetched by password, renewed, and fetched again when it is refused.</summary>
internal sealed class PveSession(PveEndpoint endpoint, TimeProvider time, PveRedactor redactor) : IDisposable
{
    private const string Cookie = "Cookie";
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly PveTickets _tickets = new();

    public delegate Task<PveReply> Exchange(PveRequest request, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellationToken);

    /// <summary>The headers of the next request; logs in first where that is due.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> HeadersAsync(bool isWrite, Exchange exchange, CancellationToken cancellationToken)
    {
        if (endpoint.TokenSecret is { } reference)
        {
            var secret = redactor.Remember(reference.Read());
            redactor.Remember(secret[(secret.LastIndexOf('=') + 1)..]);
            return PveEndpointRules.Header(endpoint.Token, secret) is { } header
                ? [KeyValuePair.Create("Authorization", header)]
                : throw new PveException(
                    PveFault.NoSecret, $"the secret at '{reference}' is not {(endpoint.Token is null ? "USER@REALM!NAME=SECRET" : $"that of the token {endpoint.Token}")}",
                    "the secret of a token has eight, four, four, four and twelve hexadecimal digits");
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_tickets.Due(time.GetUtcNow(), endpoint.Password!.Read) is { } password)
            {
                await LogInAsync(password, exchange, cancellationToken);
            }

            var cookie = KeyValuePair.Create(Cookie, "PVEAuthCookie=" + Uri.EscapeDataString(_tickets.Ticket!));
            return isWrite ? [cookie, KeyValuePair.Create("CSRFPreventionToken", _tickets.Csrf!)] : [cookie];
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Forgets the ticket that was refused.</summary>
    /// <returns>Whether there is another way than the one that was refused.</returns>
    public bool CanLogInAgain(IReadOnlyList<KeyValuePair<string, string>> refused)
    {
        if (endpoint.TokenSecret is not null || _tickets.Ticket is not { } ticket)
        {
            return endpoint.TokenSecret is null;
        }

        if (refused.Any(h => h.Key == Cookie && h.Value.EndsWith(Uri.EscapeDataString(ticket), StringComparison.Ordinal)))
        {
            _tickets.Refuse(ticket);
        }

        return true;
    }

    public void Dispose() => _one.Dispose();

    private async Task LogInAsync(Func<string> password, Exchange exchange, CancellationToken cancellationToken)
    {
        PveObject reply;
        try
        {
            reply = await AskAsync(password());
        }
        catch (PveException refused) when (refused.Fault == PveFault.Unauthorized && _tickets.Ticket is not null)
        {
            // It could not be renewed; the password still can be sent.
            _tickets.Refuse(_tickets.Ticket);
            reply = await AskAsync(endpoint.Password!.Read());
        }

        var ticket = reply.TextOrNull("ticket");
        if (ticket is null || ticket.StartsWith("PVE:!tfa!", StringComparison.Ordinal) || reply.FlagOrNull("NeedTFA") == true)
        {
            throw new PveException(PveFault.Unauthorized, $"{endpoint.Name}: {endpoint.User} needs a second factor", "use an API token, see docs/PROXMOX.md");
        }

        if (ticket.Any(char.IsControl) || reply.Text("CSRFPreventionToken").Any(char.IsControl))
        {
            throw new PveException(PveFault.Malformed, $"{endpoint.Name}: the ticket holds control characters");
        }

        _tickets.Take(redactor.Remember(ticket), redactor.Remember(reply.Text("CSRFPreventionToken")), time.GetUtcNow());

        async Task<PveObject> AskAsync(string secret) =>
            (await exchange(PveCalls.Login.With(("username", endpoint.User), ("password", redactor.Remember(secret))), [], cancellationToken)).Object();
    }
}
