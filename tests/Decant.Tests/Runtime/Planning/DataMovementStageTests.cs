using Decant.Core;
using Decant.Runtime;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

public sealed class DataMovementStageTests
{
    [Theory]
    [InlineData(0, 2, 1, 3)]
    [InlineData(0, 2, 3, 1)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(1, 0, 2, 3)]
    [InlineData(0, 1, 3, 2)]
    public void AxesAreExchanged(params int[] order)
    {
        var rng = new Rng(1);
        var check = new StageCheck();
        check.Holds(0, check.Add("Transpose", With(("perm", Ints(order))), check.Feed(Random(rng, 2, 19, 3, 21))));
    }

    [Fact]
    public void PartsAreTakenJoinedAndRepeated()
    {
        var rng = new Rng(2);
        var check = new StageCheck();
        string x = check.Feed(Random(rng, 4, 9, 5));
        string Vector(params long[] v) => check.Constant(Tensor.Vector(v));
        string[] parts = check.Add("Split", With(("axis", 1L)), 3, x, Vector(2, 3, 4));
        string slice = check.Add(
            "Slice",
            Attributes.None,
            x,
            Vector(-1, 1),
            Vector(-100, 8),
            Vector(0, 1),
            Vector(-2, 3)
        );
        string row = check.Add(
            "Unsqueeze",
            Attributes.None,
            check.Add("Slice", Attributes.None, x, Vector(2), Vector(3), Vector(1)),
            Vector(0)
        );
        check.Holds(
            0,
            parts[0],
            parts[1],
            slice,
            check.Add("Concat", With(("axis", 1L)), parts[2], x, parts[0], check.Constant(Random(rng, 4, 1, 5))),
            check.Add("Concat", With(("axis", 0L)), x, x),
            check.Add("Expand", Attributes.None, row, Vector(3, 4, 6, 5)),
            check.Add("Squeeze", Attributes.None, row, Vector(0))
        );
    }

    [Fact]
    public void RowsAreGathered()
    {
        var rng = new Rng(3);
        var check = new StageCheck();
        Tensor places = Tensor.Of(new Shape(2, 3), [4L, -1, 0, 2, 2, -7]);
        string x = check.Feed(Random(rng, 3, 7, 5)),
            ids = check.Feed(places);
        check.Holds(
            0,
            check.Add("Gather", Attributes.None, check.Constant(Random(rng, 7, 33)), ids),
            check.Add("Gather", With(("axis", 1L)), x, ids),
            check.Add("Gather", With(("axis", 1L)), x, check.Constant(Tensor.Of(Shape.Scalar, [0])))
        );
    }

    [Fact]
    public void AnIndexOutsideNamesTheNode()
    {
        var check = new StageCheck();
        Tensor places = Tensor.Of(new Shape(1), [7L]);
        Network network = check.To(
            check.Add(
                "Gather",
                Attributes.None,
                check.Constant(Tensor.Zeros(ElementType.Float32, new Shape(7, 2))),
                check.Feed(places)
            )
        );
        using InferenceSession session = new InferenceModel(network).CreateSession();
        Assert.Contains("n0", Assert.Throws<ModelException>(() => session.Run([places])).Message);
    }
}
