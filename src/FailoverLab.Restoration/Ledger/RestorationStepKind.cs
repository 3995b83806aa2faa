namespace FailoverLab.Restoration;

/// <summary>Kinds of <see cref="RestorationStep"/>.</summary>
public enum RestorationStepKind
{
    /// <summary>Try to undo one change.</summary>
    Undo,

    /// <summary>Everything is back: take the guard away.</summary>
    Disarm,

    /// <summary>Nothing more will be tried; something is left.</summary>
    GiveUp,
}
