namespace FailoverLab.Scenarios;

/// <summary>Where a secret is kept.</summary>
public enum SecretSource
{
    /// <summary>An environment variable of this program.</summary>
    Environment,

    /// <summary>A file that only its owner can read.</summary>
    File,
}
