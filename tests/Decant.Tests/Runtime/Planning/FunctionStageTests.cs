using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

public sealed class FunctionStageTests
{
    public static TheoryData<string> Functions =>
        [
            "Abs",
            "Celu",
            "Elu",
            "Erf",
            "Exp",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "LeakyRelu",
            "Neg",
            "Reciprocal",
            "Relu",
            "Selu",
            "Sigmoid",
            "Softplus",
            "Tanh",
        ];

    [Theory]
    [MemberData(nameof(Functions))]
    public void FunctionsAreThoseOfTheKernels(string type)
    {
        float[] numbers =
        [
            .. Enumerable.Range(0, 2000).Select(i => (i - 1000) * 0.0131f + 1e-4f),
            1e-5f,
            -1e-5f,
            30,
            -30,
            1e-20f,
            float.NaN,
            float.PositiveInfinity,
        ];
        var check = new StageCheck();
        check.Holds(2e-6, check.Add(type, Attributes.None, check.Feed(Tensor.Of(new Shape(numbers.Length), numbers))));
    }

    [Theory]
    [InlineData("Log")]
    [InlineData("Sqrt")]
    public void FunctionsOfPositiveNumbersAreThoseOfTheKernels(string type)
    {
        var check = new StageCheck();
        check.Holds(
            1e-6,
            check.Add(
                type,
                Attributes.None,
                check.Feed(Tensor.Of(new Shape(3, 111), [.. Enumerable.Range(0, 333).Select(i => i * 0.3f)]))
            )
        );
    }

    [Fact]
    public void AttributesAndConstantsCount()
    {
        var rng = new Rng(1);
        var check = new StageCheck();
        string x = check.Feed(Random(rng, 3, 7, 11));
        check.Holds(
            2e-6,
            check.Add("Gelu", With(("approximate", "tanh")), x),
            check.Add("LeakyRelu", With(("alpha", 1.7f)), x),
            check.Add("Elu", With(("alpha", 0.3f)), x),
            check.Add("HardSigmoid", With(("alpha", 0.4f), ("beta", 0.1f)), x),
            check.Add("Pow", Attributes.None, x, check.Constant(Tensor.Vector(2f))),
            check.Add(
                "Clip",
                Attributes.None,
                x,
                check.Constant(Tensor.Of(Shape.Scalar, [-0.2f])),
                check.Constant(Tensor.Of(Shape.Scalar, [0.3f]))
            ),
            check.Add("Clip", Attributes.None, x, "", check.Constant(Tensor.Of(Shape.Scalar, [0.3f]))),
            check.Add("Identity", Attributes.None, x)
        );
    }

    [Fact]
    public void ImagesAreReadAsTheyLie()
    {
        var rng = new Rng(2);
        var check = new StageCheck();
        string x = check.Feed(Random(rng, 2, 3, 6, 5)),
            images = check.Add("Conv", With(("pads", Ints(1, 1, 1, 1))), x, check.Constant(Random(rng, 5, 3, 3, 3)));
        string gate = check.Add("Sigmoid", Attributes.None, check.Add("GlobalAveragePool", Attributes.None, images));
        string swish = check.Add("HardSwish", Attributes.None, images),
            sloped = check.Add("PRelu", Attributes.None, swish, check.Constant(Random(rng, 5, 1, 1)));
        check.Holds(1e-4, check.Add("Tanh", Attributes.None, check.Add("Mul", Attributes.None, sloped, gate)));
    }

    [Theory]
    [InlineData("3,5,7", "3,5,7")]
    [InlineData("3,5,7", "7")]
    [InlineData("3,5,1", "3,5,7")]
    [InlineData("3,1,7", "1,5,1")]
    [InlineData("2,1,1,37", "1,4,9,37")]
    [InlineData("2,1500", "2,1")]
    [InlineData("4,3", "1")]
    [InlineData("1", "4,3")]
    public void TwoValuesAreBroadcast(string a, string b)
    {
        var rng = new Rng(3);
        var check = new StageCheck();
        Tensor Values(string dims) => Random(rng, [.. dims.Split(',').Select(int.Parse)]);
        string x = check.Feed(Values(a)),
            y = check.Feed(Values(b)),
            w = check.Constant(Values(b)),
            sum = check.Add("Add", Attributes.None, x, y);
        check.Holds(
            1e-6,
            sum,
            check.Add("Relu", Attributes.None, check.Add("Sub", Attributes.None, x, y)),
            check.Add("Mul", Attributes.None, w, x),
            check.Add("Div", Attributes.None, x, w)
        );
    }
}
