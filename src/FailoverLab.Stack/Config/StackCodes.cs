namespace FailoverLab.Stack;

/// <summary>Codes of faults in the stack's config files; docs/TUNNEL.md gives cause and cure of each. FL10xx are those every YAML file can have.</summary>
public static class StackCodes
{
    /// <summary>A number of seconds or a duration is wanted.</summary>
    public const string Seconds = "FL2001";

    /// <summary>Not an address with an optional prefix length.</summary>
    public const string Address = "FL2002";

    /// <summary>Not a prefix.</summary>
    public const string Prefix = "FL2003";

    /// <summary>Two entries with one name.</summary>
    public const string Duplicate = "FL2004";

    /// <summary>More tunnels than an endpoint can number.</summary>
    public const string TooManyTunnels = "FL2005";

    /// <summary>No endpoint number: the id ends in no digits and <c>number</c> is absent.</summary>
    public const string NoNumber = "FL2006";

    /// <summary>Not an http URL.</summary>
    public const string Url = "FL2007";

    /// <summary>A value of the original's own examples that means nothing; it is ignored (warning).</summary>
    public const string Ignored = "FL2008";

    /// <summary>A key that belongs to another one which is absent.</summary>
    public const string Incomplete = "FL2009";

    /// <summary>The routes do not fit one control datagram.</summary>
    public const string TooManyRoutes = "FL2010";

    /// <summary>A CA file that cannot be read or holds no certificate.</summary>
    public const string Ca = "FL2011";

    /// <summary>A token that travels in clear text (warning).</summary>
    public const string ClearText = "FL2012";

    /// <summary>A router would speak a version that it does not take.</summary>
    public const string Version = "FL2013";
}
