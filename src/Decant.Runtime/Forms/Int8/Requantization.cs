namespace Decant.Runtime.Forms.Int8;

/// <summary>
/// What becomes of an output's exact sum: (sum + Offset)·Scale, plus Bias, plus ResidualScale·(residual - ResidualZero), each rounded to
/// a float. Where the result is bytes, that is rounded half to even, Zero is added, and it is held within Low and High.
/// </summary>
internal sealed class Requantization
{
    /// <summary>Folds an input's zero point into what is added to each sum.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="inputZero">The input's zero point, as the input's bytes are read: with or without sign.</param>
    /// <param name="inputSigned">Whether these have a sign.</param>
    /// <param name="scales">The input's scale times the weights' over the output's: one, or one an output.</param>
    /// <param name="integerBias">An integer an output, in steps of the input's scale times the weight's; or nothing.</param>
    public Requantization(Int8Weights weights, int inputZero, bool inputSigned, ReadOnlySpan<float> scales, ReadOnlySpan<int> integerBias = default)
    {
        int n = weights.Outputs, zero = inputZero + (inputSigned ? 128 : 0);
        if (scales.Length != 1 && scales.Length != n) throw new ArgumentException($"{scales.Length} scales for {n} outputs");
        if (integerBias.Length != 0 && integerBias.Length != n) throw new ArgumentException($"a bias of {integerBias.Length} numbers for {n} outputs");
        (Offsets, Scales, Biases) = (new int[Padded(n)], new float[Padded(n)], new float[Padded(n)]);
        for (int i = 0; i < n; i++)
        {
            Offsets[i] = unchecked((integerBias.Length > 0 ? integerBias[i] : 0) - zero * weights.Sums[i]);
            Scales[i] = scales[scales.Length == 1 ? 0 : i];
        }
    }

    /// <summary>For each output, with room for a whole panel.</summary>
    public int[] Offsets { get; }

    /// <summary>As <see cref="Offsets"/>.</summary>
    public float[] Scales { get; }

    /// <summary>As <see cref="Offsets"/>: a float bias, in steps of the output's scale; zero unless set.</summary>
    public float[] Biases { get; }

    /// <summary>The output's zero point.</summary>
    public int Zero { get; init; }

    /// <summary>The least byte; the zero point for ReLU.</summary>
    public int Low { get; init; }

    /// <summary>The greatest byte.</summary>
    public int High { get; init; } = 255;

    /// <summary>Whether a float result is ReLU'd.</summary>
    public bool Relu { get; init; }

    /// <summary>The residual's scale over the output's; zero where there is none.</summary>
    public float ResidualScale { get; init; }

    /// <summary>The residual's zero point.</summary>
    public int ResidualZero { get; init; }

    /// <summary>Whether residuals are signed bytes.</summary>
    public bool ResidualSigned { get; init; }

    private static int Padded(int outputs) => (outputs + Int8Weights.Columns - 1) / Int8Weights.Columns * Int8Weights.Columns;
}
