namespace FailoverLab.Hosts;

/// <summary>How the far side begins a job.</summary>
internal enum RemoteKind
{
    /// <summary>A program, at once.</summary>
    Now = 'n',

    /// <summary>A program, started but held back before its exec until released.</summary>
    Held = 'g',

    /// <summary>Text for the shell, which is there already and waits to be released.</summary>
    HeldScript = 's',

    /// <summary>A program, at once, that reads of its release on its standard input.</summary>
    Gated = 'w',
}
