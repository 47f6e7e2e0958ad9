namespace Decant.Tests;

/// <summary>A test of what only Unix has (links that anybody may make, pipes in folders); skipped on Windows.</summary>
public sealed class UnixFactAttribute : Xunit.FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs links and pipes as Unix has them";
    }
}
