namespace FailoverLab.Proxmox;

/// <summary>Types of parameters of the PVE API; each value travels as text.</summary>
public enum PveKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Whole number.</summary>
    Number,

    /// <summary>0 or 1.</summary>
    Flag,

    /// <summary>Text, the key repeated for each item.</summary>
    List,
}
