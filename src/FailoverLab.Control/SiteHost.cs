namespace FailoverLab.Control;

/// <summary>A host of the site that made itself known to the balancer, so that others can ask for it.</summary>
/// <param name="Kind">What it is: <see cref="SiteDirectory.Controller"/> or <see cref="SiteDirectory.Business"/>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Address">Where it is.</param>
/// <param name="ReportedTimestamp">Its clock when it said so, Unix seconds; not used.</param>
/// <param name="RegisteredAt">When it was heard.</param>
public sealed record SiteHost(string Kind, string Id, string Address, double ReportedTimestamp, DateTimeOffset RegisteredAt);
