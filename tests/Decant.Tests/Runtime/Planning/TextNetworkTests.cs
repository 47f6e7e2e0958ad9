using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

/// <summary>Networks over text: every layer has a stage, and a run allocates nothing.</summary>
public sealed class TextNetworkTests
{
    private const int Words = 50,
        Width = 24;

    [Theory]
    [InlineData("LSTM", 4)]
    [InlineData("GRU", 3)]
    [InlineData("RNN", 1)]
    public void AClassifierOfWordsAllocatesNothing(string type, int gates)
    {
        var rng = new Rng(1);
        const int Steps = 9,
            Hidden = 20,
            Classes = 4;
        var check = new StageCheck();
        string words = Embedded(check, rng, Steps, 1);
        string[] state = check.Add(
            type,
            Attributes.None,
            2,
            words,
            check.Constant(Random(rng, 1, gates * Hidden, Width)),
            check.Constant(Random(rng, 1, gates * Hidden, Hidden)),
            check.Constant(Random(rng, 1, 2 * gates * Hidden))
        );
        string last = check.Add("Squeeze", Attributes.None, state[1], check.Constant(Tensor.Vector(0L)));
        string scores = check.Add(
            "Gemm",
            With(("transB", 1L)),
            last,
            check.Constant(Random(rng, Classes, Hidden)),
            check.Constant(Random(rng, Classes))
        );
        check.Holds(1e-4, check.Add("Softmax", Attributes.None, scores), state[0]);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 33)]
    public void ATransformerBlockAllocatesNothing(int batch, int tokens)
    {
        var rng = new Rng(2);
        var check = new StageCheck();
        check.Holds(1e-3, Transformer.Block(check, rng, Embedded(check, rng, batch, tokens), batch, tokens, Width, 3));
    }

    private static string Embedded(StageCheck check, Rng rng, int first, int second) =>
        check.Add(
            "Gather",
            Attributes.None,
            check.Constant(Random(rng, Words, Width)),
            check.Feed(
                Tensor.Of(
                    new Shape(first, second),
                    [.. Enumerable.Range(0, first * second).Select(i => (long)(i * 7 % Words))]
                )
            )
        );
}
