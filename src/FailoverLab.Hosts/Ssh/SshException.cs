namespace FailoverLab.Hosts;

/// <summary>A host cannot be reached over SSH, or not any more; says which way it failed.</summary>
public sealed class SshException : StepHostException
{
    /// <summary>Makes the exception.</summary>
    public SshException(SshFailure failure)
        : base(failure.ToString()) => Failure = failure;

    /// <summary>Makes an exception with a message alone.</summary>
    public SshException(string message)
        : this(new SshFailure(SshFailureKind.Other, "", message, "")) { }

    /// <summary>Makes an exception with its cause.</summary>
    public SshException(string message, Exception cause)
        : base(message, cause) => Failure = new SshFailure(SshFailureKind.Other, "", message, "");

    /// <summary>Makes an exception without a message.</summary>
    public SshException()
        : this("") { }

    /// <summary>What failed and what to do.</summary>
    public SshFailure Failure { get; }
}
