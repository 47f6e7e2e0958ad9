using Decant.Runtime.Memory;

namespace Decant.Runtime.Planning.Layers;

/// <summary>A Gemm or MatMul with a constant second factor, as a fully connected layer.</summary>
/// <param name="Node">The node.</param>
/// <param name="Bias">The constant that is added; null for none.</param>
internal sealed record Product(Node Node, string? Bias)
{
    private readonly Operators.Gemm? gemm = Node.Operator as Operators.Gemm;

    /// <summary>Whether the input is transposed first, which no stage does.</summary>
    public bool TransposesInput => gemm is { TransA: true };

    /// <summary>Whether the weight has a row for each output.</summary>
    public bool TransposesWeight => gemm is { TransB: true };

    /// <summary>Whether the weight is multiplied just as it is held, a row for each output.</summary>
    public bool IsPlain => TransposesWeight && gemm!.Alpha == 1;

    /// <summary>What tells the packed weight from others of the model.</summary>
    public string Key => $"{Node.Inputs[1]}\n{Bias}\n{gemm?.Alpha}\n{gemm?.Beta}\n{TransposesWeight}";

    /// <summary>Whether the bias is the same for every row of inputs.</summary>
    public bool HasRowBias(KnownValues known, Shape weight)
    {
        if (Bias is null) return true;
        int outputs = weight[TransposesWeight ? 0 : 1];
        return known.FloatShape(Bias) is { } shape && (shape.Count == 1 || (shape.Count == outputs && shape[-1] == outputs));
    }

    /// <summary>The bias of each output; empty for none.</summary>
    public float[] BiasNumbers(KnownValues known, int outputs)
    {
        if (Bias is null) return [];
        float[] given = known.Constant(Bias)!.Array<float>();
        float beta = gemm?.Beta ?? 1;
        return [.. Enumerable.Range(0, outputs).Select(o => beta * given[given.Length == 1 ? 0 : o])];
    }

    /// <summary>A row of weights for each output, in the order in which inputs lie.</summary>
    /// <param name="known">The network's values.</param>
    /// <param name="depth">Inputs.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="images">The images that the inputs are, channels last; null if the inputs lie in ONNX's order.</param>
    public float[] Rows(KnownValues known, int depth, int outputs, ImageView? images)
    {
        float[] w = known.Constant(Node.Inputs[1])!.Array<float>();
        float alpha = gemm?.Alpha ?? 1;
        if (TransposesWeight && images is null && alpha == 1) return w;
        var rows = new float[w.Length];
        var (step, row) = TransposesWeight ? (1, depth) : (outputs, 1);
        int plane = images is null ? 1 : images.Height * images.Width, channels = depth / plane;
        for (int o = 0; o < outputs; o++)
            for (int k = 0; k < depth; k++)
                rows[o * depth + k] = alpha * w[o * row + (images is null ? k : k % channels * plane + k / channels) * step];
        return rows;
    }
}
