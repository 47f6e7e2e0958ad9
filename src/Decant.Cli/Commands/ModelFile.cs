using Decant.Core;

namespace Decant.Cli.Commands;

/// <summary>A model as a file: itself where it is one; a network of the zoo as ONNX in a temporary folder.</summary>
internal sealed class ModelFile : IDisposable
{
    private readonly string? folder;

    public ModelFile(string model, string? weights)
    {
        Path = model;
        if (!Models.IsOfZoo(model) && weights is null) return;
        Network network = Models.Load(model, weights: weights);
        folder = Directory.CreateTempSubdirectory("decant-model-").FullName;
        Models.Save(network, Path = System.IO.Path.Combine(folder, "model.onnx"));
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    public void Dispose()
    {
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }
}
