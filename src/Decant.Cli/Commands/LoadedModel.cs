using Decant.Core;
using Decant.Data;
using Decant.Pipelines;

namespace Decant.Cli.Commands;

/// <summary>A network until somebody takes it, who then holds it alone.</summary>
internal sealed class LoadedModel
{
    private Network? network;

    public LoadedModel(string model, ulong seed, string? weights)
    {
        network = Models.Load(model, seed, weights);
        Text = TextLimits.Of(network);
    }

    /// <summary>What the network takes as text.</summary>
    public TextLimits Text { get; }

    /// <summary>The recipe of a name that fits it.</summary>
    public Pipeline Recipe(string name) => ShippedRecipes.Load(name, network!);

    /// <summary>Hands the network over.</summary>
    public Network Take() => Interlocked.Exchange(ref network, null)!;
}

/// <summary>A model as a file: itself where it is one; a network of the zoo as ONNX in a temporary folder.</summary>
internal sealed class ModelFile : IDisposable
{
    private readonly string? folder;

    public ModelFile(string model, string? weights)
    {
        Path = model;
        if (!Models.IsOfZoo(model) && weights is null)
            return;
        Network network = Models.Load(model, weights: weights);
        folder = Directory.CreateTempSubdirectory("decant-model-").FullName;
        Models.Save(network, Path = System.IO.Path.Combine(folder, "model.onnx"));
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    public void Dispose()
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}
