using System.Globalization;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

public sealed class ValueProductTests
{
    [Theory]
    [InlineData("2,3,5,7", "2,3,7,9")]
    [InlineData("2,3,17,40", "3,40,50")]
    [InlineData("1,3,4,8", "2,1,8,33")]
    [InlineData("2,6,13", "13,100")]
    [InlineData("3,1,5", "3,5,1")]
    [InlineData("64,32", "32,64")]
    public void MatricesAreMultiplied(string a, string b)
    {
        var rng = new Rng(1);
        var check = new StageCheck();
        Tensor Values(string dims) => Random(rng, [.. dims.Split(',').Select(int.Parse)]);
        string product = check.Add("MatMul", Attributes.None, check.Feed(Values(a)), check.Feed(Values(b)));
        string other = check.Add("MatMul", Attributes.None, check.Constant(Values(a)), check.Feed(Values(b)));
        int columns = int.Parse(b.Split(',')[^1], CultureInfo.InvariantCulture);
        check.Holds(
            1e-4,
            product,
            check.Add(
                "Relu",
                Attributes.None,
                check.Add("Add", Attributes.None, other, check.Constant(Random(rng, columns)))
            )
        );
    }

    [Theory]
    [InlineData(5, 7, 20)]
    [InlineData(1, 33, 3)]
    [InlineData(40, 17, 49)]
    public void GemmTakesAValueForItsMatrix(int rows, int depth, int columns)
    {
        var rng = new Rng(2);
        var check = new StageCheck();
        string a = check.Feed(Random(rng, rows, depth)),
            b = check.Feed(Random(rng, columns, depth)),
            c = check.Feed(Random(rng, depth, columns)),
            bias = check.Constant(Random(rng, columns));
        check.Holds(
            1e-4,
            check.Add("Gemm", With(("transB", 1L), ("alpha", 0.5f), ("beta", 2f)), a, b, bias),
            check.Add("Gemm", Attributes.None, a, c)
        );
    }
}
