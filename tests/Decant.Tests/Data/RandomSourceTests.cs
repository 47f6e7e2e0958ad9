using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class RandomSourceTests
{
    private static RandomOptions Inputs(params (string Name, ElementType Type, int[] Shape)[] inputs) =>
        new() { Inputs = [.. inputs.Select(i => new ValueInfo(i.Name, new TensorType(i.Type, new Shape(i.Shape))))] };

    [Fact]
    public void Examples_have_the_types_and_shapes_of_the_inputs()
    {
        RandomOptions options = Inputs(
            ("x", ElementType.Float32, [-1, 3, 50]),
            ("half", ElementType.Float16, [1, 2]),
            ("attention_mask", ElementType.Int64, [1, 4]),
            ("ids", ElementType.Int32, [1, 100]),
            ("flag", ElementType.Bool, [1])
        );
        IDataSource source = Open("random:4", options);
        Assert.Contains("examples are random", source.Notes.Single());
        Batch batch = source.Read([0, 1, 2, 3]);
        Assert.Equal(new Shape(4, 3, 50), batch.Inputs[0].Shape);
        float[] x = batch.Inputs[0].Array<float>();
        Assert.InRange(x.Average(), -0.2, 0.2);
        Assert.InRange(x.Average(v => v * v), 0.8, 1.2);
        Assert.Equal([1L, 1, 1, 1], source.Read([0]).Inputs[2].Array<long>());
        Assert.Equal([0, 1], batch.Inputs[3].Array<int>().Distinct().Order());
        Assert.Equal(4, batch.Inputs[4].Array<bool>().Length);
    }

    [Fact]
    public void The_seed_decides_every_value_and_the_parts_differ()
    {
        RandomOptions options = Inputs(("x", ElementType.Float32, [1, 5]));
        float[] All(IDataSource s) => s.Read([.. Enumerable.Range(0, s.Count)]).Inputs[0].Array<float>();
        IDataSource source = Open("random:3", options);
        Assert.Equal(All(source), All(Open("random:3", options)));
        Assert.Equal(All(source)[10..], All(source.Take([2])));
        Assert.NotEqual(All(source), All(Open("random:3", options with { Seed = 2 })));
        Assert.NotEqual(All(source), All(new RandomSource(3, DatasetPart.Train, options)));
        Assert.NotEqual(source.Fingerprint, source.Take([2]).Fingerprint);
    }

    [Theory]
    [InlineData("random:0", 5, "from 1 to")]
    [InlineData("random:many", 5, "from 1 to")]
    [InlineData("random:99999999", 5, "from 1 to")]
    [InlineData("random:2", -1, "the size of input 'x' Float32 1×N is not known")]
    public void What_cannot_be_made_is_said(string name, int extent, string said) =>
        Assert.Contains(
            said,
            Assert.Throws<DataException>(() => Open(name, Inputs(("x", ElementType.Float32, [1, extent])))).Message
        );

    private static IDataSource Open(string name, RandomOptions options) =>
        Datasets.Open(name, DataRoot.Resolve(), DatasetPart.Test, new DatasetOptions { Random = options });
}
