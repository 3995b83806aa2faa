namespace FailoverLab.EmbeddedLab;

/// <summary>The lab cannot do what it was asked; the message says what was attempted and what was seen.</summary>
internal sealed class LabException : Exception
{
    public LabException(string message)
        : base(message)
    {
    }

    public LabException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
