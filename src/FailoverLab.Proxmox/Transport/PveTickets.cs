namespace FailoverLab.Proxmox;

/// <summary>When a ticket must be fetched or renewed; pure. The host lets one live for two hours.</summary>
internal sealed class PveTickets
{
    /// <summary>After this a ticket is renewed with itself.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);

    /// <summary>After this it is of no use any more, and the password is sent again; a little before the host says so.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(118);

    private DateTimeOffset _at;

    /// <summary>The ticket, sent as a cookie; <see langword="null"/> before the first login.</summary>
    public string? Ticket { get; private set; }

    /// <summary>What every write must carry beside it.</summary>
    public string? Csrf { get; private set; }

    /// <summary>What must be sent as the password now.</summary>
    /// <returns>The ticket itself to renew it, <paramref name="password"/> to log in, <see langword="null"/> when nothing need be done.</returns>
    public Func<string>? Due(DateTimeOffset now, Func<string> password) =>
        Ticket is not { } ticket || now - _at >= Lifetime ? password : now - _at >= RenewAfter ? () => ticket : null;

    /// <summary>Takes a new ticket.</summary>
    public void Take(string ticket, string csrf, DateTimeOffset now) => (Ticket, Csrf, _at) = (ticket, csrf, now);

    /// <summary>The host did not accept it.</summary>
    /// <param name="ticket">The one that was sent; a newer one stays.</param>
    public void Refuse(string? ticket)
    {
        if (Ticket == ticket)
        {
            (Ticket, Csrf) = (null, null);
        }
    }
}
