using Decant.Core;

namespace Decant.Data;

/// <summary>Opens data sets by name.</summary>
public static class Datasets
{
    /// <summary>The names that <see cref="Open"/> knows, beside paths of .npz files.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mnist", "digits", "cifar-10"];

    /// <summary>Opens a data set.</summary>
    /// <param name="name">One of <see cref="Names"/>, or the path of an .npz file of arrays (see
    /// <see cref="NpzDataset.ReadAny"/>).</param>
    /// <param name="root">Where to look.</param>
    /// <param name="part">Which half.</param>
    /// <exception cref="DataException">The name is not known, or the files are not there.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    public static IDataSource Open(string name, DataRoot root, DatasetPart part) =>
        IsNpz(name) ? NpzDataset.ReadAny(name, part) : OpenImages(name, root, part);

    /// <summary>Opens a data set of labelled images.</summary>
    /// <param name="name">One of <see cref="Names"/>, or the path of an .npz file with x and y (see
    /// <see cref="NpzDataset.Read"/>).</param>
    /// <param name="root">Where to look.</param>
    /// <param name="part">Which half.</param>
    /// <exception cref="DataException">The name is not known, or the files are not there.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    public static LabelledImages OpenImages(string name, DataRoot root, DatasetPart part) =>
        name switch
        {
            "mnist" => Mnist.Read(root.Find(name, "mnist"), part),
            "digits" => Digits.Make(
                part == DatasetPart.Train ? Digits.TrainCount : Digits.TestCount,
                Digits.DefaultSeed,
                part
            ),
            "cifar-10" => Cifar10.Read(root.Find(name, "cifar-10", "cifar-10-batches-bin"), part),
            _ when IsNpz(name) => NpzDataset.Read(name, part),
            _ => throw new DataException(
                $"no data set is called '{name}'; known are {string.Join(", ", Names)}, and paths of .npz " + "files"
            ),
        };

    /// <summary>Where a named set lies: its folder, "built in", or null if it is not here.</summary>
    public static string? Locate(string name, DataRoot root) =>
        name switch
        {
            "mnist" => root.Look("mnist"),
            "digits" => "built in",
            "cifar-10" => root.Look("cifar-10", "cifar-10-batches-bin"),
            _ => null,
        };

    private static bool IsNpz(string name) => name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Which half of a data set.</summary>
public enum DatasetPart
{
    /// <summary>The images a network is trained on.</summary>
    Train,

    /// <summary>The images a network is judged by.</summary>
    Test,
}
