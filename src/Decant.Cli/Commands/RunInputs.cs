using Decant.Cli.Screen;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Speed;

namespace Decant.Cli.Commands;

/// <summary>What a network is fed: files, or numbers made here.</summary>
internal static class RunInputs
{
    private const string Zeros = "zeros", Random = "random";

    public const string Description = "an .npy file for each input of the network, in order; or one .npz file with an array named like each; or zeros, or random (normal numbers)";

    /// <summary>Reads or makes a tensor for each input.</summary>
    /// <exception cref="DecantException">A file cannot be read, or has no array for an input.</exception>
    public static IReadOnlyList<Tensor> Read(IReadOnlyList<string> given, Network network, int batch) => given switch
    {
        [Zeros] => Made(network, batch, fill: false),
        [Random] => Made(network, batch, fill: true),
        [var path] when Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase) => Archive(path, network),
        [] => throw new UsageException($"--input is missing: {Description}"),
        _ => [.. given.Select(NpyReader.Read)],
    };

    private static Tensor[] Made(Network network, int batch, bool fill)
    {
        Tensor[] made = Numbers.For(network.Inputs, batch);
        if (!fill)
            foreach (Tensor tensor in made) tensor.Bytes().Clear();
        return made;
    }

    private static Tensor[] Archive(string path, Network network)
    {
        using NpzReader archive = NpzReader.Open(path);
        return [.. network.Inputs.Select(i => archive.Read(i.Name))];
    }
}
