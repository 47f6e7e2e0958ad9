using Decant.Core;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

/// <summary>A transformer block as exporters write it (Vaswani et al. 2017, normalized after each sum).</summary>
internal static class Transformer
{
    /// <summary>Adds a block to (batch, tokens, width) values.</summary>
    public static string Block(StageCheck check, Rng rng, string x, int batch, int tokens, int width, int heads)
    {
        string q = Heads(check, rng, x, (batch, tokens, width, heads), 0, 2, 1, 3),
            k = Heads(check, rng, x, (batch, tokens, width, heads), 0, 2, 3, 1),
            v = Heads(check, rng, x, (batch, tokens, width, heads), 0, 2, 1, 3);
        string scores = check.Add(
            "Mul",
            Attributes.None,
            check.Add("MatMul", Attributes.None, q, k),
            check.Constant(Tensor.Of(Shape.Scalar, [1 / MathF.Sqrt(width / (float)heads)]))
        );
        string mixed = check.Add("MatMul", Attributes.None, check.Add("Softmax", Attributes.None, scores), v);
        string joined = check.Add(
            "Reshape",
            Attributes.None,
            check.Add("Transpose", With(("perm", Ints(0, 2, 1, 3))), mixed),
            check.Constant(Tensor.Vector(batch, tokens, (long)width))
        );
        string attended = Normalized(
            check,
            rng,
            check.Add("Add", Attributes.None, x, Dense(check, rng, joined, width, width)),
            width
        );
        string inner = check.Add("Gelu", Attributes.None, Dense(check, rng, attended, width, 4 * width));
        return Normalized(
            check,
            rng,
            check.Add("Add", Attributes.None, attended, Dense(check, rng, inner, 4 * width, width)),
            width
        );
    }

    private static string Heads(
        StageCheck check,
        Rng rng,
        string x,
        (int Batch, int Tokens, int Width, int Heads) size,
        params int[] order
    )
    {
        Tensor shape = Tensor.Vector(size.Batch, size.Tokens, size.Heads, (long)size.Width / size.Heads);
        return check.Add(
            "Transpose",
            With(("perm", Ints(order))),
            check.Add("Reshape", Attributes.None, Dense(check, rng, x, size.Width, size.Width), check.Constant(shape))
        );
    }

    private static string Dense(StageCheck check, Rng rng, string x, int from, int to)
    {
        Tensor weight = Random(rng, from, to);
        foreach (ref float w in weight.Span<float>())
            w *= 1.7f / MathF.Sqrt(from);
        return check.Add(
            "Add",
            Attributes.None,
            check.Constant(Random(rng, to)),
            check.Add("MatMul", Attributes.None, x, check.Constant(weight))
        );
    }

    private static string Normalized(StageCheck check, Rng rng, string x, int width) =>
        check.Add(
            "LayerNormalization",
            Attributes.None,
            x,
            check.Constant(Random(rng, width)),
            check.Constant(Random(rng, width))
        );
}
