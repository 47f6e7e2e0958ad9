using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Xunit;

namespace Decant.Tests.Data;

public sealed class ArraySourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static ArraySource Source(int count = 5) =>
        new(
            "two",
            [
                new(
                    "ids",
                    Tensor.Of(new Shape(count, 2), Enumerable.Range(0, 2 * count).Select(i => (long)i).ToArray())
                ),
                new("scale", Tensor.Of(new Shape(count), Enumerable.Range(0, count).Select(i => i / 2f).ToArray())),
            ],
            [new("y", Tensor.Of(new Shape(count), Enumerable.Range(0, count).Select(i => i % 3).ToArray()))]
        );

    [Fact]
    public void Examples_are_rows_of_every_array()
    {
        ArraySource source = Source();
        Batch batch = source.Read([4, 0]);
        Assert.Equal(2, batch.Count);
        Assert.Equal([8L, 9, 0, 1], batch.Inputs[0].Array<long>());
        Assert.Equal([2f, 0], batch.Inputs[1].Array<float>());
        Assert.Equal([1, 0], batch.Targets[0].Array<int>());
        Assert.Equal(3, source.Targets[0].Classes);
        Batch taken = source.Take([3, 1]).Read([1]);
        Assert.Equal([2L, 3], taken.Inputs[0].Array<long>());
        Assert.Equal("data set 'two' has 5 examples; there is no example 5", Refusal(() => source.Read([5])));
        Assert.Equal("data set 'two' has 5 examples; there is no example -1", Refusal(() => source.Take([-1])));
    }

    [Fact]
    public void A_split_cuts_in_two_by_seed_and_keeps_the_order()
    {
        IDataSource source = Source(100);
        (IDataSource train, IDataSource heldOut) = source.Split(30, 7);
        long[] held = Ids(heldOut),
            rest = Ids(train);
        Assert.Equal((70, 30), (rest.Length, held.Length));
        Assert.Equal(held.Order(), held);
        Assert.Equal(rest.Order(), rest);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 2L * i), held.Concat(rest).Order());
        Assert.Equal(held, Ids(source.Split(30, 7).HeldOut));
        Assert.NotEqual(held, Ids(source.Split(30, 8).HeldOut));
        Assert.Contains("cannot hold out 101", Refusal(() => source.Split(101, 1)), StringComparison.Ordinal);

        static long[] Ids(IDataSource part) =>
            [.. part.Read([.. Enumerable.Range(0, part.Count)]).Inputs[0].Array<long>().Where((_, i) => i % 2 == 0)];
    }

    [Fact]
    public void The_fingerprint_is_of_names_and_contents()
    {
        var one = Tensor.Vector(1f, 2);
        string Of(string name, Tensor tensor) => new ArraySource("s", [new(name, tensor)]).Fingerprint;
        Assert.Equal(Of("a", one), Of("a", Tensor.Vector(1f, 2)));
        Assert.NotEqual(Of("a", one), Of("b", one));
        Assert.NotEqual(Of("a", one), Of("a", Tensor.Vector(1f, 3)));
        Assert.NotEqual(Of("a", one), Of("a", one.Reshape(new Shape(1, 2))));
        Assert.NotEqual(Source().Fingerprint, Source().Take([0, 1, 2, 4, 3]).Fingerprint);
        Assert.Equal(Source().Fingerprint, Source().Take([0, 1, 2, 3, 4]).Fingerprint);
    }

    [Fact]
    public void Arrays_that_do_not_belong_together_are_named()
    {
        var two = Tensor.Vector(1f, 2);
        Assert.Equal(
            "data set 's': 'a' has 2 examples but 'b' has 3",
            Refusal(() => new ArraySource("s", [new("a", two), new("b", Tensor.Vector(1f, 2, 3))]))
        );
        Assert.Contains("'a' is a scalar", Refusal(() => new ArraySource("s", [new("a", Tensor.Scalar(1f))])));
        Assert.Contains("no input", Refusal(() => new ArraySource("s", [])), StringComparison.Ordinal);
        Assert.Equal(
            "data set 's': example 1 has class 7 in 'y', which is outside 0..4",
            Refusal(() => new ArraySource("s", [new("a", two)], [new("y", Tensor.Vector(1L, 7))], 5))
        );
    }

    [Fact]
    public void A_file_of_any_arrays_is_an_input_for_each()
    {
        NpzWriter.Save(
            [
                new("ids", Tensor.Of(new Shape(2, 3), new long[] { 1, 2, 3, 4, 5, 6 })),
                new("mask", Tensor.Of(new Shape(2, 3), new float[6])),
                new("target.score", Tensor.Vector(0.5f, 1)),
            ],
            folder["any.npz"]
        );
        IDataSource source = Datasets.Open(folder["any.npz"], DataRoot.Resolve(folder.Path), DatasetPart.Test);
        Assert.Equal(["ids", "mask"], source.Inputs.Select(i => i.Name));
        DataField target = Assert.Single(source.Targets);
        Assert.Equal(("score", (int?)null), (target.Name, target.Classes));
        Assert.Equal(2, source.Count);
    }

    [Fact]
    public void Parts_of_a_file_are_told_apart_by_the_ends_of_names()
    {
        NpzWriter.Save(
            [
                new("a_train", Tensor.Vector(1f, 2, 3)),
                new("a_test", Tensor.Vector(4f)),
                new("target.b_train", Tensor.Vector(1f, 2, 3)),
                new("target.b_test", Tensor.Vector(4f)),
            ],
            folder["parts.npz"]
        );
        IDataSource Open(DatasetPart part) => Datasets.Open(folder["parts.npz"], DataRoot.Resolve(folder.Path), part);
        Assert.Equal(3, Open(DatasetPart.Train).Count);
        Assert.Equal([4f], Open(DatasetPart.Test).Read([0]).Inputs[0].Array<float>());
        Assert.Equal("b", Open(DatasetPart.Test).Targets[0].Name);
    }

    [Fact]
    public void Images_with_classes_are_labelled_images()
    {
        NpzWriter.Save(
            [new("x", Tensor.Zeros(ElementType.UInt8, new Shape(2, 3, 4, 4))), new("y", Tensor.Vector<long>(1, 0))],
            folder["images.npz"]
        );
        Assert.IsType<LabelledImages>(
            Datasets.Open(folder["images.npz"], DataRoot.Resolve(folder.Path), DatasetPart.Test)
        );
    }

    private static string Refusal(Func<object> act) => Assert.Throws<DataException>(act).Message;

    [Fact]
    public void Files_of_a_folder_are_arrays_by_their_names()
    {
        folder.Write("note.txt", []);
        NpyWriter.Save(Tensor.Of(new Shape(2, 3), [1f, 2, 3, 4, 5, 6]), folder["a.npy"]);
        NpyWriter.Save(Tensor.Vector(7L, 8), folder["ids.npy"]);
        NpyWriter.Save(Tensor.Vector(0L, 2), folder["y.npy"]);
        IDataSource source = Datasets.Open(folder.Path, DataRoot.Resolve(folder.Path), DatasetPart.Test);
        Assert.Equal(["'a' Float32 3", "'ids' Int64 scalar"], source.Inputs.Select(i => $"{i}"));
        Assert.Equal([2L], source.Read([1]).Targets[0].Array<long>());
        IDataSource one = Datasets.Open(folder["a.npy"], DataRoot.Resolve(folder.Path), DatasetPart.Test);
        Assert.Equal([4f, 5, 6], one.Read([1]).Inputs.Single().Array<float>());
        Assert.Empty(one.Targets);
        folder.Write("b.npy", "no array"u8.ToArray());
        Assert.Contains(
            "b.npy: ",
            Assert
                .Throws<DataException>(() =>
                    Datasets.Open(folder.Path, DataRoot.Resolve(folder.Path), DatasetPart.Test)
                )
                .Message
        );
    }
}
