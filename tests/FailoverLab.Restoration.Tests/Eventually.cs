namespace FailoverLab.Restoration.Tests;

/// <summary>Waits for what another process does, as long as it takes on a busy machine.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(patience), what);
            await Task.Delay(20);
        }
    }
}
