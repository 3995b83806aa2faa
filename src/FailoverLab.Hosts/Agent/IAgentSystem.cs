namespace FailoverLab.Hosts;

/// <summary>What the agent asks of the operating system beside files and processes.</summary>
public interface IAgentSystem
{
    /// <summary>Signals a process group, or the process alone while it has none of its own yet.</summary>
    /// <param name="group">Its number.</param>
    /// <param name="signal">Number of the signal.</param>
    void Signal(int group, int signal);

    /// <summary>Called on the thread that releases what is held, before it waits: give it precedence, and keep the memory it works in, where that is allowed.</summary>
    void PreferThisThread();

    /// <summary>Whether programs run as root.</summary>
    bool IsRoot { get; }
}
