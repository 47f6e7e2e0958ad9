namespace Decant.Tests.Data;

/// <summary>An empty folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("decant-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        using FileStream file = File.Create(this[name]);
        file.Write(bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
