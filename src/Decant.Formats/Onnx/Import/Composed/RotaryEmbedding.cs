using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX RotaryEmbedding (Su et al. 2021): pairs of the first elements of each head are turned by the angle of their
/// position. Inputs are heads B×H×S×D or B×S×H·D, cosines, sines, and the row of those for each position.
/// </summary>
internal sealed class RotaryEmbedding
{
    private readonly Lowering l;
    private readonly bool isInterleaved,
        isFlat;
    private readonly long heads,
        rotated;

    private RotaryEmbedding(Lowering lowering)
    {
        l = lowering;
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("interleaved", "num_heads", "rotary_embedding_dim");
        l.EnsureCounts(3, 4);
        (isInterleaved, isFlat) = (attributes.Flag("interleaved"), l.Rank(0) == 3);
        (heads, rotated) = (attributes.Int("num_heads", 0), attributes.Int("rotary_embedding_dim", 0));
        if (l.Rank(0) is not (3 or 4))
            throw new ModelException($"its input has {l.Rank(0)} axes; 3 or 4 are expected");
        if (isFlat && heads < 1)
            throw new ModelException("its input has 3 axes, and num_heads is not given");
        if (rotated < 0 || rotated % 2 > 0)
            throw new ModelException($"rotary_embedding_dim is {rotated}; an even number is expected");
    }

    /// <exception cref="ModelException">Attributes do not fit the input.</exception>
    public static void Lower(Lowering lowering) => new RotaryEmbedding(lowering).Lower();

    private void Lower()
    {
        string x = isFlat ? l.Reshaped(l.Node.Input(0), 0, 0, heads, -1) : l.Node.Input(0);
        string first = rotated == 0 ? x : l.Sliced(x, 3, 0, rotated),
            turned = Turned(first, Angles(1), Angles(2));
        // What lies after the rotated elements stays; that may be nothing.
        string whole = rotated == 0 ? turned : l.Joined(3, turned, l.Sliced(x, 3, rotated, long.MaxValue));
        l.Finish(isFlat ? l.Reshaped(whole, 0, 0, -1) : whole);
    }

    /// <summary>Cosines or sines, an axis of extent 1 for the heads.</summary>
    private string Angles(int input)
    {
        string angles = l.Node.Input(input);
        int expected = l.Has(3) ? 2 : 3;
        if (l.Rank(input) != expected)
            throw new ModelException(
                $"input {input} has {l.Rank(input)} axes; "
                    + (l.Has(3) ? "2 are expected where positions are given" : "3 are expected without positions")
            );
        if (l.Has(3))
            angles = l.Make("Gather", new Attributes(("axis", 0L)), angles, l.Node.Input(3));
        long headAxis = isFlat ? 2 : 1;
        return isInterleaved ? l.Widened(angles, headAxis, 4) : l.Widened(angles, headAxis);
    }

    private string Turned(string x, string cos, string sin)
    {
        // Neighbours are a pair, or one element of each half.
        string pairs = isInterleaved ? l.Reshaped(x, 0, 0, 0, -1, 2) : x;
        var half = l.Make("Split", new Attributes(("axis", -1L), ("num_outputs", 2L)), 2, [pairs]);
        string real = l.Make("Sub", l.Make("Mul", cos, half[0]), l.Make("Mul", sin, half[1])),
            imaginary = l.Make("Add", l.Make("Mul", sin, half[0]), l.Make("Mul", cos, half[1])),
            turned = l.Joined(-1, real, imaginary);
        return isInterleaved ? l.Reshaped(turned, 0, 0, 0, -1) : turned;
    }
}
