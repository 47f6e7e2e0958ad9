using Decant.Core;

namespace Decant.Data;

/// <summary>Opens data sets by name.</summary>
public static class Datasets
{
    private const int Sst2Classes = 2;

    /// <summary>The names that <see cref="Open"/> knows, beside paths of files.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mnist", "digits", "cifar-10", "sst2", "sts-b"];

    /// <summary>Opens a data set.</summary>
    /// <param name="name">One of <see cref="Names"/>; or the path of an .npz file of arrays (see
    /// <see cref="NpzDataset.ReadAny"/>); or that of a text file, which is both halves: .txt, a sentence a line; .tsv,
    /// a sentence, or sentence TAB class, or score TAB sentence TAB sentence; .jsonl, an object a line with text or
    /// sentence, and label if there is one, or with sentence1, sentence2 and score; or a folder or a .csv or .jsonl
    /// list of images (see <see cref="ImageSource.Open"/>); a .wav file, or a folder of them; a .npy or .parquet file,
    /// or a folder of .npy files; or random:COUNT (see <see cref="RandomSource"/>).</param>
    /// <param name="root">Where to look.</param>
    /// <param name="part">Which half.</param>
    /// <param name="options">What it needs to become a network's inputs; null for nothing.</param>
    /// <exception cref="DataException">The name is not known, the files are not there, or it is text and there is no
    /// tokenizer.</exception>
    /// <exception cref="ImageSizeException">Images have sizes of their own, or another than the network
    /// takes.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    public static IDataSource Open(string name, DataRoot root, DatasetPart part, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        if (RandomSource.IsOne(name))
            return RandomSource.Open(name, part, options.Random);
        if (IsText(name))
            return OpenText(name, root, part, options.Text);
        if (IsImageFiles(name))
            return Fitting(ImageSource.Open(name, part, options.Images), options.Images);
        if (IsAudio(name))
            return AudioSource.Open(name, options.Audio);
        IDataSource arrays = IsArrays(name) ? NpzDataset.ReadAny(name, part) : OpenImages(name, root, part);
        return Fitting(Resized(arrays, options.Images), options.Images);
    }

    /// <summary>Whether a data set is text, so that it needs a tokenizer.</summary>
    public static bool IsText(string name) =>
        name is "sst2" or "sts-b" || (TextFile.IsOne(name) && !ImageList.IsOne(name));

    /// <summary>Whether a data set is images in files: a folder of them, or a .csv or .jsonl list.</summary>
    public static bool IsImageFiles(string name) =>
        Directory.Exists(name) ? !IsNamed(name) && ImageFiles.AreIn(name) : ImageList.IsOne(name);

    /// <summary>Whether a data set is sound: a .wav file, or a folder of them.</summary>
    public static bool IsAudio(string name) => !IsNamed(name) && !IsImageFiles(name) && AudioSource.IsOne(name);

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
            _ when IsArrays(name) => NpzDataset.Read(name, part),
            _ when IsText(name) => throw new DataException($"data set '{name}' is text, and images are needed"),
            _ => throw new DataException(
                Directory.Exists(name)
                    ? $"the folder {name} holds no data: .jpg, .png, .webp, .bmp, .wav and .npy files are looked "
                        + "for"
                    : $"no data set is called '{name}'; known are {string.Join(", ", Names)}, random:COUNT, folders "
                        + "of images, sound or arrays, and paths of .npz, .npy, .parquet, .csv, .txt, .tsv, .jsonl and "
                        + ".wav files"
            ),
        };

    /// <summary>Where a named set lies: its folder, "built in", or null if it is not here.</summary>
    public static string? Locate(string name, DataRoot root) =>
        name switch
        {
            "mnist" => root.Look("mnist"),
            "digits" => "built in",
            "cifar-10" => root.Look("cifar-10", "cifar-10-batches-bin"),
            "sst2" or "sts-b" => root.Look(name),
            _ => null,
        };

    private static IDataSource Resized(IDataSource arrays, ImageOptions options)
    {
        bool isLeft = options.Sizing.IsNone || (options.LeavesFittingArrays && options.Limits.Misfit(arrays) is null);
        return isLeft || !ResizedSource.Fits(arrays) ? arrays : new ResizedSource(arrays, options.Sizing);
    }

    private static IDataSource Fitting(IDataSource images, ImageOptions options)
    {
        options.Limits.Check(images);
        return images;
    }

    private static TextSource OpenText(string name, DataRoot root, DatasetPart part, TextOptions text) =>
        name switch
        {
            "sst2" => TextFile.Open(name, PathOf(name, root, part, ""), text, Sst2Classes),
            "sts-b" => TextFile.Open(name, PathOf(name, root, part, "sts-"), text),
            _ => TextFile.Open(Path.GetFileName(name), name, text),
        };

    private static string PathOf(string name, DataRoot root, DatasetPart part, string prefix) =>
        Path.Combine(root.Find(name, name), $"{prefix}{(part == DatasetPart.Train ? "train" : "test")}.tsv");

    private static bool IsNamed(string name) => Names.Contains(name, StringComparer.Ordinal);

    private static bool IsArrays(string name) => !IsNamed(name) && NamedArrays.AreAt(name);
}

/// <summary>Which half of a data set.</summary>
public enum DatasetPart
{
    /// <summary>The images a network is trained on.</summary>
    Train,

    /// <summary>The images a network is judged by.</summary>
    Test,
}
