using System.CommandLine;
using Decant.Core;
using Decant.Pipelines;

namespace Decant.Cli.Commands;

/// <summary>A network until somebody takes it, who then holds it alone.</summary>
internal sealed class LoadedModel(Network loaded)
{
    private Network? network = loaded;

    /// <summary>The network, while nobody has taken it.</summary>
    public Network Network => network!;

    /// <summary>The recipe of a name that fits it.</summary>
    public Pipeline Recipe(string name) => ShippedRecipes.Load(name, network!);

    /// <summary>Hands the network over.</summary>
    public Network Take() => Interlocked.Exchange(ref network, null)!;
}

/// <summary>
/// A model as a file: itself where it is one; a network of the zoo, or with inputs set, as ONNX in a temporary folder.
/// </summary>
internal sealed class ModelFile : IDisposable
{
    private readonly string? folder;

    public ModelFile(ModelOptions model, ParseResult parsed)
    {
        Path = model.Name(parsed);
        if (model.IsPlainFile(parsed))
            return;
        Network network = model.Load(parsed);
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
