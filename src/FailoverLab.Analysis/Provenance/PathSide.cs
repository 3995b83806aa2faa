namespace FailoverLab.Analysis;

/// <summary>An end of all paths: every packet passes some path's point there.</summary>
internal enum PathSide
{
    /// <summary>At the site with several links.</summary>
    Site,

    /// <summary>At the far end.</summary>
    Far,
}
