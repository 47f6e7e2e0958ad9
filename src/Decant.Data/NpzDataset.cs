using Decant.Core;

namespace Decant.Data;

/// <summary>
/// A data set in an .npz file, in .npy files named as its arrays would be, or in columns of a Parquet file: arrays x
/// and y, or x_train, y_train, x_test and y_test. Images are uint8, float32 or float64, N×C×H×W, N×H×W or N×F;
/// labels are integers, N. An integer named classes may say how many there are.
/// </summary>
public static class NpzDataset
{
    private const string TargetPrefix = "target.";

    private static readonly string[] PartNames = ["_train", "_test"];

    /// <summary>Reads a part; where the file holds only x and y, both parts are those.</summary>
    /// <exception cref="DataException">The file has no such arrays, or they do not fit together.</exception>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static LabelledImages Read(string path, DatasetPart part)
    {
        using NamedArrays arrays = NamedArrays.Open(path);
        string suffix = arrays.Has("x") ? "" : SuffixOf(part);
        return ImagesOf(arrays, suffix, ArrayOf(arrays, "x" + suffix), ArrayOf(arrays, "y" + suffix));
    }

    /// <summary>
    /// Reads a part of a file of any arrays: labelled images where it holds them, else an input for each array. An
    /// array y, and each whose name begins with target., is a target. Names that end in _train or _test belong to that
    /// part, and are called by what comes before it; a file without such names is both parts.
    /// </summary>
    /// <exception cref="DataException">The file has no array for that part, or they do not fit together.</exception>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static IDataSource ReadAny(string path, DatasetPart part)
    {
        using NamedArrays file = NamedArrays.Open(path);
        bool hasParts = file.Names.Any(n => PartNames.Any(s => n.EndsWith(s, StringComparison.Ordinal)));
        string suffix = hasParts ? SuffixOf(part) : "";
        Dictionary<string, Tensor> arrays = file
            .Names.Where(n => n != "classes" && n.EndsWith(suffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToDictionary(n => n[..^suffix.Length], file.Read, StringComparer.Ordinal);
        if (arrays.TryGetValue("x", out Tensor? x) && arrays.TryGetValue("y", out Tensor? y) && arrays.Count == 2)
            if (AreImages(x) && y.Shape.Rank == 1 && Integers.Are(y))
                return ImagesOf(file, suffix, x, y);
        if (arrays.Keys.All(IsTarget))
            throw new DataException(
                $"{path} holds no array{(hasParts ? $" that ends in {suffix}" : "")} to be an input"
            );
        return new ArraySource(
            file.SetName,
            [.. arrays.Where(a => !IsTarget(a.Key))],
            [.. arrays.Where(a => IsTarget(a.Key)).Select(a => KeyValuePair.Create(TargetName(a.Key), a.Value))],
            file.Has("classes") ? SaidClasses(file) : null
        )
        {
            Notes = file.Notes,
        };
    }

    private static string SuffixOf(DatasetPart part) => PartNames[part == DatasetPart.Train ? 0 : 1];

    private static bool AreImages(Tensor x) =>
        x.Type is ElementType.UInt8 or ElementType.Float32 or ElementType.Float64 && x.Shape.Rank is >= 2 and <= 4;

    private static bool IsTarget(string name) => name == "y" || name.StartsWith(TargetPrefix, StringComparison.Ordinal);

    private static string TargetName(string name) => name == "y" ? name : name[TargetPrefix.Length..];

    private static LabelledImages ImagesOf(NamedArrays arrays, string suffix, Tensor images, Tensor labels)
    {
        int[] classes = LabelsOf(arrays.Path, "y" + suffix, labels);
        return new LabelledImages(arrays.SetName, ImagesOf(arrays.Path, images), classes, ClassesOf(arrays, classes));
    }

    private static Tensor ArrayOf(NamedArrays arrays, string name) =>
        arrays.Has(name)
            ? arrays.Read(name)
            : throw new DataException(
                $"{arrays.Path} holds no array '{name}'; x and y, or x_train, y_train, x_test and y_test are expected"
            );

    private static Tensor ImagesOf(string path, Tensor images)
    {
        if (images.Type == ElementType.Float64)
            images = Tensor.Of(images.Shape, Array.ConvertAll(images.Array<double>(), d => (float)d));
        return images.Shape.Rank switch
        {
            2 or 4 => images,
            3 => images.Reshape(new Shape(images.Shape[0], 1, images.Shape[1], images.Shape[2])),
            _ => throw new DataException(
                $"{path}: images have shape {images.Shape}; N×C×H×W, N×H×W or N×F is expected"
            ),
        };
    }

    private static int[] LabelsOf(string path, string name, Tensor labels)
    {
        if (labels.Shape.Rank != 1)
            throw new DataException(
                $"{path}: labels '{name}' have shape {labels.Shape}; one for each image is expected"
            );
        return Integers.Are(labels)
            ? Integers.Of(labels)
            : throw new DataException($"{path}: labels '{name}' are {labels.Type}; integers are expected");
    }

    private static int ClassesOf(NamedArrays arrays, int[] labels)
    {
        if (arrays.Has("classes"))
            return SaidClasses(arrays);
        // Both parts count, lest a rare class be missing from one of them.
        var others = arrays
            .Names.Where(n => n is "y_train" or "y_test" && !arrays.Has("x"))
            .Select(n => LabelsOf(arrays.Path, n, arrays.Read(n)));
        return Math.Max(1, others.Append(labels).Max(l => l.Length == 0 ? 0 : l.Max() + 1));
    }

    private static int SaidClasses(NamedArrays arrays)
    {
        Tensor said = arrays.Read("classes");
        return said.Count == 1
            ? LabelsOf(arrays.Path, "classes", said.Reshape(new Shape(1)))[0]
            : throw new DataException($"{arrays.Path}: classes has shape {said.Shape}; one integer is expected");
    }
}
