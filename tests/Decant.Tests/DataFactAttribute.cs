namespace Decant.Tests;

/// <summary>
/// A test that needs a folder or file of the data root (DECANT_DATA); skipped, with the reason, where it is missing.
/// </summary>
public sealed class DataFactAttribute : Xunit.FactAttribute
{
    public DataFactAttribute(string path)
    {
        string? root = Environment.GetEnvironmentVariable("DECANT_DATA");
        if (root is null || !System.IO.Path.Exists(System.IO.Path.Combine(root, path)))
            Skip = $"needs {path} under DECANT_DATA";
    }

    public static string PathOf(string path) =>
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("DECANT_DATA") ?? ".", path);
}
