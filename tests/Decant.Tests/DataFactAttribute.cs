using Xunit;

namespace Decant.Tests;

/// <summary>
/// A test that needs folders or files of the data root (DECANT_DATA); skipped, with the reason, where one is missing.
/// </summary>
public sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute(params string[] paths) => Skip = Missing(paths);

    /// <summary>Whether it needs libtorch too.</summary>
    public bool Libtorch
    {
        get;
        set
        {
            field = value;
            if (value)
                Skip ??= global::Decant.Torch.LibTorch.Problem;
        }
    }

    public static string PathOf(string path) =>
        Path.Combine(Environment.GetEnvironmentVariable("DECANT_DATA") ?? ".", path);

    /// <summary>What is missing of the data root; null if nothing is.</summary>
    public static string? Missing(params IEnumerable<string> paths)
    {
        string? root = Environment.GetEnvironmentVariable("DECANT_DATA");
        string[] missing = [.. paths.Where(p => root is null || !Path.Exists(Path.Combine(root, p)))];
        return missing.Length == 0 ? null : $"needs {string.Join(" and ", missing)} under DECANT_DATA";
    }
}
