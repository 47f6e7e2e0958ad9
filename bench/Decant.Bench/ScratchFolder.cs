namespace Decant.Bench;

/// <summary>A folder for what a benchmark writes, gone at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string place = Directory.CreateTempSubdirectory("decant-bench-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(place, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(place, recursive: true);
}
