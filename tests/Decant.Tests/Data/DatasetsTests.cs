using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class DatasetsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_missing_set_says_where_it_looked_and_what_would_work()
    {
        var root = DataRoot.Resolve(null, v => v == "DECANT_DATA" ? folder["a"]
            : v == "XDG_CACHE_HOME" ? folder["b"]
            : null);
        string said = Assert.Throws<DataException>(() => Datasets.OpenImages("mnist", root, DatasetPart.Test)).Message;
        foreach (string part in new[] { folder["a"], folder["b"], "decant data get mnist", "data root", "DECANT_DATA" })
            Assert.Contains(part, said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_named_wins_and_the_cache_follows_XDG()
    {
        Func<string, string?> environment = v =>
            v switch
            {
                "DECANT_DATA" => folder["d"],
                "HOME" => folder["h"],
                _ => null,
            };
        Assert.Equal(folder["x"], DataRoot.Resolve(folder["x"], environment).Downloads);
        Assert.Equal(Path.Combine(folder["h"], ".cache", "decant"), DataRoot.Resolve(null, environment).Downloads);
        Directory.CreateDirectory(Path.Combine(folder["h"], ".cache", "decant", "mnist"));
        Assert.Equal(
            Path.Combine(folder["h"], ".cache", "decant", "mnist"),
            DataRoot.Resolve(null, environment).Find("mnist", "mnist")
        );
        Directory.CreateDirectory(Path.Combine(folder["d"], "mnist"));
        Assert.Equal(Path.Combine(folder["d"], "mnist"), DataRoot.Resolve(null, environment).Find("mnist", "mnist"));
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones() =>
        Assert.Contains(
            "cifar-10",
            Assert.Throws<DataException>(() => Datasets.OpenImages("cifar", Root, DatasetPart.Test)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Mnist_with_unequal_counts_is_refused()
    {
        folder.Write("mnist/t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6]);
        folder.Write("mnist/t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 3]);
        Assert.Contains(
            "2 images but 1 labels",
            Assert.Throws<DataException>(() => Datasets.OpenImages("mnist", Root, DatasetPart.Test)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "train-images",
            Assert.Throws<DataException>(() => Datasets.OpenImages("mnist", Root, DatasetPart.Train)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Cifar_reads_the_batches_there_in_order_and_refuses_odd_lengths_and_labels()
    {
        folder.Write("cifar-10-batches-bin/data_batch_3.bin", Record(7, 1));
        folder.Write("cifar-10-batches-bin/data_batch_1.bin", [.. Record(2, 3), .. Record(9, 4)]);
        LabelledImages set = Datasets.OpenImages("cifar-10", Root, DatasetPart.Train);
        Assert.Equal([2, 9, 7], set.Labels.ToArray());
        Assert.Equal(new Shape(3, 3, 32, 32), set.Images.Shape);
        Assert.Equal([3, 4, 1], set.Images.Array<byte>().Where((_, i) => i % 3072 == 5));
        folder.Write("cifar-10-batches-bin/test_batch.bin", Record(10, 1));
        Assert.Contains(
            "label 10",
            Assert.Throws<FileFormatException>(() => Datasets.OpenImages("cifar-10", Root, DatasetPart.Test)).Message,
            StringComparison.Ordinal
        );
        folder.Write("cifar-10-batches-bin/test_batch.bin", Record(1, 1)[..3000]);
        Assert.Throws<FileFormatException>(() => Datasets.OpenImages("cifar-10", Root, DatasetPart.Test));
    }

    [DataFact("mnist")]
    public void Mnist_is_as_published()
    {
        LabelledImages train = Datasets.OpenImages("mnist", DataRoot.Resolve(), DatasetPart.Train),
            test = Datasets.OpenImages("mnist", DataRoot.Resolve(), DatasetPart.Test);
        Assert.Equal(new Shape(60000, 1, 28, 28), train.Images.Shape);
        Assert.Equal(10000, test.Count);
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], train.Labels.Take(10).ToArray());
        Assert.Equal(33.318, train.Images.Array<byte>().Average(b => (double)b), 2);
    }

    [DataFact("cifar-10")]
    public void Cifar_is_as_published()
    {
        LabelledImages test = Datasets.OpenImages("cifar-10", DataRoot.Resolve(), DatasetPart.Test);
        Assert.Equal(new Shape(10000, 3, 32, 32), test.Images.Shape);
        Assert.All(Enumerable.Range(0, 10), c => Assert.Equal(1000, test.Labels.Count(l => l == c)));
    }

    private DataRoot Root => DataRoot.Resolve(folder.Path);

    private static byte[] Record(byte label, byte pixel) => [label, .. Enumerable.Repeat(pixel, 3072)];
}
