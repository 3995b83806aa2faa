namespace FailoverLab.Testing;

/// <summary>Configuration of an sshd of a test's own: one key each way, nothing of the machine's own is read or asked.</summary>
public static class SshdConfig
{
    /// <summary>Its text.</summary>
    /// <param name="listen">Address and port, as sshd wants them.</param>
    /// <param name="folder">Where <c>host</c>, its key, and <c>id.pub</c>, the key that may come in, lie.</param>
    /// <param name="more">More lines; none where empty.</param>
    public static string Text(string listen, string folder, string more = "") => $"""
        ListenAddress {listen}
        HostKey {folder}/host
        PidFile none
        AuthorizedKeysFile {folder}/id.pub
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin yes
        MaxStartups 100
        {more}

        """;
}
