using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Formats.Onnx;
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

    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 17)]
    public void SizesThatAreReadWhenItRunsCostNothing(int batch, int tokens)
    {
        Network network = Positioned();
        Tensor[] inputs =
        [
            Tensor.Of(new Shape(batch, tokens), [.. Enumerable.Range(0, batch * tokens).Select(i => i * 7L % Words)]),
            Tensor.Of(new Shape(batch, tokens), [.. Enumerable.Range(0, batch * tokens).Select(i => (long)(i % 2))]),
        ];
        using var reference = new ReferenceExecutor(network);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        float[] expected = reference.Run(inputs)[0].Array<float>(),
            made = session.Run(inputs)[0].Array<float>();
        Assert.Equal(expected.Length, made.Length);
        for (int i = 0; i < made.Length; i++)
            Assert.Equal(expected[i], made[i], 1e-4);
        Assert.DoesNotContain(session.Layers, l => l.Kernel == "kernel");
        Allocations.None(() => session.Run());
    }

    /// <summary>
    /// Words and their positions, weighed by a mask and multiplied: positions are cut to a length read from the input,
    /// as exporters of transformers write it.
    /// </summary>
    private static Network Positioned()
    {
        var rng = new Rng(3);
        return new OnnxModelBuilder()
            .Input("ids", ElementType.Int64, "N", "T")
            .Input("mask", ElementType.Int64, "N", "T")
            .Output("y", "N", "T", Width)
            .Weight("words", Random(rng, Words, Width))
            .Weight("places", Random(rng, 40, Width))
            .Weight("w", Random(rng, Width, Width))
            .Ints("last", -1)
            .Positions("ids", "places", 40, "position")
            .Node("Gather", "words ids", "word")
            .Node("Add", "word position", "x")
            .Node("Unsqueeze", "mask last", "column")
            .Node("Cast", "column", "weights", ("to", 1L))
            .Node("Mul", "x weights", "z")
            .Node("MatMul", "z w", "y")
            .Read();
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
