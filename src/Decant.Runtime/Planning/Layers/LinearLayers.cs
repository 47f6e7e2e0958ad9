using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Codebook;
using Decant.Runtime.CompressedKernels.Sparse;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans products with a constant matrix: Gemm and MatMul as fully connected layers.</summary>
internal static class LinearLayers
{
    /// <summary>Adds the stage of a product; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        string? bias = operation.Bias ?? (node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null);
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Rank: > 1 } x
            || plan.Known.FloatShape(node.Inputs[1]) is not { Rank: 2 } w
            || !plan.Known.IsConstant(node.Inputs[1])
            || (bias is not null && !plan.Known.IsConstant(bias))
            || x.Count == 0
            || w.Count == 0
        )
            return false;
        var product = new Product(node, bias);
        if (product.TransposesInput || !product.HasRowBias(plan.Known, w))
            return false;
        var (depth, outputs) = product.TransposesWeight ? (w[1], w[0]) : (w[0], w[1]);
        int rows = checked((int)(x.Count / depth));
        bool coded = IsCoded(product, rows, plan);
        ImageView? images = x.Rank == 2 && !coded ? plan.Flattened(node.Inputs[0]) : null;
        PlanBuffer input = images?.Buffer ?? plan.Plain(node.Inputs[0])!;
        var layer = new LinearLayer(
            node.Name,
            input,
            plan.NewPlain(operation.Output),
            rows,
            depth,
            outputs,
            operation.Low,
            operation.High
        );
        if (coded && Coded(product, layer, plan) is { } stage)
            plan.Add(stage);
        else
            Add(product, layer, images, plan);
        return true;
    }

    /// <summary>Whether the weight is a codebook, or can be taken for one, and looking it up pays.</summary>
    private static bool IsCoded(Product product, int rows, PlanBuilder plan) =>
        plan.Known.Encoding(product.Node.Inputs[1])
            is (CodebookEncoding or TernaryEncoding or BinaryEncoding or LinearEncoding { Bits: <= 8, Block: 0 })
                and var weight
        && product.IsPlain
        && !CompressedKernelRules.PaysInProduct(weight)
        && CompressedKernelRules.PaysToLookUp(weight, rows, plan.Options.Width);

    private static CodedLinear? Coded(Product product, LinearLayer layer, PlanBuilder plan)
    {
        Encoding weight = plan.Known.Encoding(product.Node.Inputs[1])!;
        if (EpilogueOf(layer, product, plan) is not { } finish)
            return null;
        CodebookProduct?[] coded = plan.Weights.Get(product.Key, "codebook" + finish.Relu, () =>
            new[] { CodedWeights.Product(weight, finish) }
        );
        if (coded[0] is not { } found)
            return null;
        return new CodedLinear(layer, found, plan.Options.Width, plan.Options.Threads)
        {
            Name = layer.Name,
            Kernel = weight.Kind,
            Macs = layer.Macs,
        };
    }

    private static void Add(Product product, LinearLayer layer, ImageView? images, PlanBuilder plan)
    {
        var (width, threads) = (plan.Options.Width, plan.Options.Threads);
        string order = images is null ? "" : $" of {images.Height}x{images.Width} images";
        Encoding? weight = plan.Known.Encoding(product.Node.Inputs[1]);
        Epilogue? finish = EpilogueOf(layer, product, plan);
        if (weight is null || finish is null || !CompressedKernelRules.MayPay(weight))
            plan.Add(Dense());
        else if (CompressedKernelRules.PaysInProduct(weight))
            plan.Add(product.Node, Sparse, Dense);
        else
            plan.Add(product.Node, Dense, Sparse);

        SparseRows Rows() =>
            SparseRows.Of(product.Rows(plan.Known, layer.Depth, layer.Outputs, images), layer.Outputs, layer.Depth);
        Stage Sparse() =>
            layer.Rows < 4 && CompressedKernelRules.FitsWindows(weight) && WindowedProduct.IsSupported(width)
                ? new WindowedLinear(
                    layer,
                    plan.Weights.Get(product.Key, "windows" + order + finish.Relu, () =>
                        new WindowedProduct(Rows(), finish)
                    )
                )
                {
                    Name = layer.Name,
                    Kernel = "sparse",
                    Macs = layer.Macs,
                }
                : new SparseLinear(
                    layer,
                    plan.Weights.Get(product.Key, "sparse" + order + finish.Relu, () =>
                        new SparseProduct(Rows(), finish)
                    ),
                    width,
                    threads
                )
                {
                    Name = layer.Name,
                    Kernel = "sparse",
                    Macs = layer.Macs,
                };
        Stage Dense()
        {
            LinearFilters filters = plan.Weights.Get(product.Key, LinearFilters.Key(layer.Rows) + order, () =>
                new LinearFilters(
                    product.Rows(plan.Known, layer.Depth, layer.Outputs, images),
                    layer.Outputs,
                    layer.Depth,
                    product.BiasNumbers(plan.Known, layer.Outputs),
                    width,
                    layer.Rows
                )
            );
            return new Linear(layer, filters, width, threads)
            {
                Name = layer.Name,
                Kernel = filters.Few ? "dense, by rows" : "dense, by tiles",
                Reason = plan.Known.Codes(product.Node.Inputs[1]) is not null
                    ? "int8 weights decoded: no kernel multiplies int8 matrices"
                    : CompressedKernelRules.WhyDense(weight, layer.Rows, width),
                Macs = layer.Macs,
            };
        }
    }

    /// <summary>The epilogue of a compressed kernel; null if the layer's clamp is none of that.</summary>
    private static Epilogue? EpilogueOf(LinearLayer layer, Product product, PlanBuilder plan)
    {
        if (layer.High < float.PositiveInfinity || layer.Low is not (0 or float.NegativeInfinity))
            return null;
        return new Epilogue(
            product.Bias is null ? null : product.BiasNumbers(plan.Known, layer.Outputs),
            layer.Low == 0
        );
    }
}

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
        if (Bias is null)
            return true;
        int outputs = weight[TransposesWeight ? 0 : 1];
        return known.FloatShape(Bias) is { } shape
            && (shape.Count == 1 || (shape.Count == outputs && shape[-1] == outputs));
    }

    /// <summary>The bias of each output; empty for none.</summary>
    public float[] BiasNumbers(KnownValues known, int outputs)
    {
        if (Bias is null)
            return [];
        float[] given = known.Constant(Bias)!.Array<float>();
        float beta = gemm?.Beta ?? 1;
        return [.. Enumerable.Range(0, outputs).Select(o => beta * given[given.Length == 1 ? 0 : o])];
    }

    /// <summary>A row of weights for each output, in the order in which inputs lie.</summary>
    /// <param name="known">The network's values.</param>
    /// <param name="depth">Inputs.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="images">The images that the inputs are, channels last; null if the inputs lie in ONNX's
    /// order.</param>
    public float[] Rows(KnownValues known, int depth, int outputs, ImageView? images)
    {
        float[] w = known.Constant(Node.Inputs[1])!.Array<float>();
        float alpha = gemm?.Alpha ?? 1;
        if (TransposesWeight && images is null && alpha == 1)
            return w;
        var rows = new float[w.Length];
        var (step, row) = TransposesWeight ? (1, depth) : (outputs, 1);
        int plane = images is null ? 1 : images.Height * images.Width,
            channels = depth / plane;
        for (int o = 0; o < outputs; o++)
        for (int k = 0; k < depth; k++)
            rows[o * depth + k] =
                alpha * w[o * row + (images is null ? k : k % channels * plane + k / channels) * step];
        return rows;
    }
}
