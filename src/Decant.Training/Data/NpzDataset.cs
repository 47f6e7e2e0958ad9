using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Training.Data;

/// <summary>
/// A data set in an .npz file: arrays x and y, or x_train, y_train, x_test and y_test. Images are uint8, float32 or
/// float64, N×C×H×W, N×H×W or N×F; labels are integers, N. An integer named classes may say how many there are.
/// </summary>
public static class NpzDataset
{
    /// <summary>Reads a part; where the file holds only x and y, both parts are those.</summary>
    /// <exception cref="DataException">The file has no such arrays, or they do not fit together.</exception>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static Dataset Read(string path, DatasetPart part)
    {
        if (!File.Exists(path))
            throw new DataException($"there is no data set file {path}");
        using NpzReader npz = NpzReader.Open(path);
        var names = npz.Names.ToHashSet(StringComparer.Ordinal);
        string suffix =
            names.Contains("x") ? ""
            : part == DatasetPart.Train ? "_train"
            : "_test";
        Tensor images = Read(npz, names, path, "x" + suffix),
            labels = Read(npz, names, path, "y" + suffix);
        int[] classes = LabelsOf(path, "y" + suffix, labels);
        return new Dataset(
            Path.GetFileName(path),
            ImagesOf(path, images),
            classes,
            ClassesOf(npz, names, path, classes)
        );
    }

    private static Tensor Read(NpzReader npz, HashSet<string> names, string path, string name) =>
        names.Contains(name)
            ? npz.Read(name)
            : throw new DataException(
                $"{path} holds no array '{name}'; x and y, or x_train, y_train, x_test and y_test are expected"
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
        return labels.Type switch
        {
            ElementType.UInt8 => Array.ConvertAll(labels.Array<byte>(), l => (int)l),
            ElementType.Int8 => Array.ConvertAll(labels.Array<sbyte>(), l => (int)l),
            ElementType.UInt16 => Array.ConvertAll(labels.Array<ushort>(), l => (int)l),
            ElementType.Int16 => Array.ConvertAll(labels.Array<short>(), l => (int)l),
            ElementType.Int32 => labels.Array<int>(),
            // Out of an int's range is out of any class's: -1 stands for all of it.
            ElementType.UInt32 => Array.ConvertAll(labels.Array<uint>(), l => l < int.MaxValue ? (int)l : -1),
            ElementType.Int64 => Array.ConvertAll(labels.Array<long>(), l =>
                l is >= 0 and < int.MaxValue ? (int)l : -1
            ),
            ElementType.UInt64 => Array.ConvertAll(labels.Array<ulong>(), l => l < int.MaxValue ? (int)l : -1),
            _ => throw new DataException($"{path}: labels '{name}' are {labels.Type}; integers are expected"),
        };
    }

    private static int ClassesOf(NpzReader npz, HashSet<string> names, string path, int[] labels)
    {
        if (names.Contains("classes"))
        {
            Tensor said = npz.Read("classes");
            if (said.Count != 1)
                throw new DataException($"{path}: classes has shape {said.Shape}; one number is expected");
            return LabelsOf(path, "classes", said.Reshape(new Shape(1)))[0];
        }
        // Both parts count, lest a rare class be missing from one of them.
        var others = names
            .Where(n => n is "y_train" or "y_test" && !names.Contains("x"))
            .Select(n => LabelsOf(path, n, npz.Read(n)));
        return Math.Max(1, others.Append(labels).Max(l => l.Length == 0 ? 0 : l.Max() + 1));
    }
}
