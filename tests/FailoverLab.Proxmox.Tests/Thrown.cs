namespace FailoverLab.Proxmox.Tests;

/// <summary>The fault a call comes to.</summary>
internal static class Thrown
{
    public static async Task<PveException> ByAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (PveException thrown)
        {
            return thrown;
        }

        Assert.Fail("the call should have come to nothing");
        throw new InvalidOperationException();
    }
}
