namespace FailoverLab.Linux;

/// <summary>Something a <see cref="PollSet"/> can wait for.</summary>
public interface IPollable
{
    /// <summary>File descriptor, valid until the object is disposed.</summary>
    int Descriptor { get; }
}
