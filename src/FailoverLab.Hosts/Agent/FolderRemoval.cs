namespace FailoverLab.Hosts;

/// <summary>Removes a folder in which something that is just being ended may still write.</summary>
internal static class FolderRemoval
{
    private const int Tries = 20;

    /// <summary>Tries again while it fails, and gives up without a word: nobody is left to tell.</summary>
    /// <param name="delete">Removes it and everything below.</param>
    /// <param name="pause">Waits a moment.</param>
    /// <returns>Whether it is gone.</returns>
    public static bool Of(Action delete, Action pause)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            try
            {
                delete();
                return true;
            }
            catch (DirectoryNotFoundException)
            {
                return true;
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                pause();
            }
        }

        return false;
    }
}
