namespace FailoverLab.Services.Tests;

/// <summary>Config files of a test.</summary>
internal static class Configs
{
    public static T? Read<T>(string text, Func<string, T?> read)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
