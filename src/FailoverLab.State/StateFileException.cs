namespace FailoverLab.State;

/// <summary>A state file cannot be used; the message says which, and why in plain words.</summary>
public sealed class StateFileException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public StateFileException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
