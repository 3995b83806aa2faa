namespace FailoverLab.Services;

/// <summary>What a route asks of its caller.</summary>
internal enum AccessNeed
{
    /// <summary>Nothing: it says nothing about the site.</summary>
    Nothing,

    /// <summary>A reader, an operator or an admin.</summary>
    Read,

    /// <summary>As <see cref="Read"/>, or the device that is asked about.</summary>
    ReadOwn,

    /// <summary>Any token: every device must find it.</summary>
    ReadAny,

    /// <summary>The device that is reported for, an operator or an admin.</summary>
    ReportOwn,

    /// <summary>An admin.</summary>
    Administer,
}
