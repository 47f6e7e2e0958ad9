using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Xunit;

namespace Decant.Tests.Data;

public sealed class NpzDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(DatasetPart.Train)]
    [InlineData(DatasetPart.Test)]
    public void Both_parts_of_a_plain_file_are_the_file(DatasetPart part)
    {
        LabelledImages set = Read(
            part,
            ("x", Tensor.Of(new Shape(2, 1, 2), new byte[] { 1, 2, 3, 4 })),
            ("y", Tensor.Vector<long>(4, 0))
        );
        Assert.Equal(new Shape(2, 1, 1, 2), set.Images.Shape);
        Assert.Equal([4, 0], set.Labels.ToArray());
        Assert.Equal(5, set.Classes);
    }

    [Fact]
    public void Parts_are_told_apart_and_share_their_classes()
    {
        (string, Tensor)[] arrays =
        [
            ("x_train", Tensor.Of(new Shape(1, 2), new[] { 0.5, 1 })),
            ("y_train", Tensor.Vector<int>(6)),
            ("x_test", Tensor.Of(new Shape(2, 2), new[] { 0f, 1, 2, 3 })),
            ("y_test", Tensor.Vector<byte>(1, 0)),
        ];
        LabelledImages train = Read(DatasetPart.Train, arrays),
            test = Read(DatasetPart.Test, arrays);
        Assert.Equal([0.5f, 1], train.Images.Array<float>());
        Assert.Equal((1, 7, 2, 7), (train.Count, train.Classes, test.Count, test.Classes));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Zeros(ElementType.UInt8, new Shape(2, 3)),
            y = Tensor.Vector<long>(1, 0);
        Assert.Contains("no array 'y'", Refusal(("x", x)), StringComparison.Ordinal);
        Assert.Contains("no array 'x_test'", Refusal(("x_train", x), ("y_train", y)), StringComparison.Ordinal);
        Assert.Contains(
            "2 images but 1 labels",
            Refusal(("x", x), ("y", Tensor.Vector<long>(1))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "labels 'y' are Float32",
            Refusal(("x", x), ("y", Tensor.Vector<float>(1, 0))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "image 0 has label -1",
            Refusal(("x", x), ("y", Tensor.Vector<long>(1L << 40, 0))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "outside 0..0",
            Refusal(("x", x), ("y", y), ("classes", Tensor.Scalar(1))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "images have shape 2",
            Refusal(("x", Tensor.Vector<byte>(1, 2)), ("y", y)),
            StringComparison.Ordinal
        );
        Assert.Throws<DataException>(() => NpzDataset.Read(folder["none.npz"], DatasetPart.Test));
        Assert.Throws<FileFormatException>(() => NpzDataset.Read(folder.Write("bad.npz", [1, 2, 3]), DatasetPart.Test));
    }

    [DataFact("imagenet/val-260.npz")]
    public void Imagenet_is_read_by_path()
    {
        LabelledImages set = Datasets.OpenImages(
            DataFactAttribute.PathOf("imagenet/val-260.npz"),
            DataRoot.Resolve(),
            DatasetPart.Test
        );
        Assert.Equal(new Shape(260, 3, 227, 227), set.Images.Shape);
        Assert.InRange(set.Classes, 900, 1000);
    }

    private string Refusal(params (string, Tensor)[] arrays) =>
        Assert.Throws<DataException>(() => Read(DatasetPart.Test, arrays)).Message;

    private LabelledImages Read(DatasetPart part, params (string Name, Tensor Tensor)[] arrays)
    {
        NpzWriter.Save(arrays.Select(a => KeyValuePair.Create(a.Name, a.Tensor)), folder["set.npz"]);
        return Datasets.OpenImages(folder["set.npz"], DataRoot.Resolve(folder.Path), part);
    }
}
