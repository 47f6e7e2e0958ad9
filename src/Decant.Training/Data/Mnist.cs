using Decant.Core;

namespace Decant.Training.Data;

/// <summary>MNIST as published: four IDX files, gzipped or not; 60,000 and 10,000 images 1×28×28 (LeCun, Bottou, Bengio, Haffner 1998).</summary>
internal static class Mnist
{
    public static Dataset Read(string folder, DatasetPart part)
    {
        string stem = part == DatasetPart.Train ? "train" : "t10k";
        Tensor images = IdxFile.Read(FileIn(folder, $"{stem}-images-idx3-ubyte"), rank: 3);
        Tensor labels = IdxFile.Read(FileIn(folder, $"{stem}-labels-idx1-ubyte"), rank: 1);
        Shape s = images.Shape;
        return new Dataset("mnist", images.Reshape(new Shape(s[0], 1, s[1], s[2])), Array.ConvertAll(labels.Array<byte>(), b => (int)b), 10);
    }

    private static string FileIn(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path
            : File.Exists(path + ".gz") ? path + ".gz"
            : throw new DataException($"{folder} holds neither {name} nor {name}.gz; `decant data get mnist` fetches all four files");
    }
}
