using Decant.Runtime.Forms;
using Decant.Runtime.Forms.Codebook;
using Decant.Runtime.Forms.Sparse;
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
        if (plan.Known.FloatShape(node.Inputs[0]) is not { Rank: > 1 } x || plan.Known.FloatShape(node.Inputs[1]) is not { Rank: 2 } w || !plan.Known.IsConstant(node.Inputs[1])
            || (bias is not null && !plan.Known.IsConstant(bias)) || x.Count == 0 || w.Count == 0) return false;
        var product = new Product(node, bias);
        if (product.TransposesInput || !product.HasRowBias(plan.Known, w)) return false;
        var (depth, outputs) = product.TransposesWeight ? (w[1], w[0]) : (w[0], w[1]);
        int rows = checked((int)(x.Count / depth));
        bool coded = IsCoded(product, rows, plan);
        ImageView? images = x.Rank == 2 && !coded ? plan.Flattened(node.Inputs[0]) : null;
        PlanBuffer input = images?.Buffer ?? plan.Plain(node.Inputs[0])!;
        var layer = new LinearLayer(node.Name, input, plan.NewPlain(operation.Output), rows, depth, outputs, operation.Low, operation.High);
        if (coded && Coded(product, layer, plan) is { } stage) plan.Add(stage);
        else Add(product, layer, images, plan);
        return true;
    }

    /// <summary>Whether the weight is a codebook, or can be taken for one, and looking it up pays.</summary>
    private static bool IsCoded(Product product, int rows, PlanBuilder plan) =>
        plan.Known.Encoding(product.Node.Inputs[1]) is (CodebookEncoding or TernaryEncoding or BinaryEncoding or LinearEncoding { Bits: <= 8 }) and var weight
        && product.IsPlain && !Density.PaysInProduct(weight) && Density.PaysToLookUp(weight, rows, plan.Options.Width);

    private static CodedLinear? Coded(Product product, LinearLayer layer, PlanBuilder plan)
    {
        Encoding weight = plan.Known.Encoding(product.Node.Inputs[1])!;
        if (FinishOf(layer, product, plan) is not { } finish) return null;
        CodebookProduct?[] coded = plan.Weights.Get(product.Key, "codebook" + finish.Relu, () => new[] { CodedWeights.Product(weight, finish) });
        if (coded[0] is not { } found) return null;
        return new CodedLinear(layer, found, plan.Options.Width, plan.Options.Threads) { Name = layer.Name, Form = weight.Kind, Macs = layer.Macs };
    }

    private static void Add(Product product, LinearLayer layer, ImageView? images, PlanBuilder plan)
    {
        var (width, threads) = (plan.Options.Width, plan.Options.Threads);
        string order = images is null ? "" : $" of {images.Height}x{images.Width} images";
        Encoding? weight = plan.Known.Encoding(product.Node.Inputs[1]);
        Finish? finish = FinishOf(layer, product, plan);
        if (weight is null || finish is null || !Density.MayPay(weight)) plan.Add(Dense());
        else if (Density.PaysInProduct(weight)) plan.Add(product.Node, Sparse, Dense);
        else plan.Add(product.Node, Dense, Sparse);

        SparseRows Rows() => SparseRows.Of(product.Rows(plan.Known, layer.Depth, layer.Outputs, images), layer.Outputs, layer.Depth);
        Stage Sparse() => layer.Rows < 4 && Density.FitsWindows(weight) && WindowedProduct.IsSupported(width)
            ? new WindowedLinear(layer, plan.Weights.Get(product.Key, "windows" + order + finish.Relu, () => new WindowedProduct(Rows(), finish)))
            { Name = layer.Name, Form = "sparse", Macs = layer.Macs }
            : new SparseLinear(layer, plan.Weights.Get(product.Key, "sparse" + order + finish.Relu, () => new SparseProduct(Rows(), finish)), width, threads)
            { Name = layer.Name, Form = "sparse", Macs = layer.Macs };
        Stage Dense()
        {
            LinearFilters filters = plan.Weights.Get(product.Key, LinearFilters.Key(layer.Rows) + order, () =>
                new LinearFilters(product.Rows(plan.Known, layer.Depth, layer.Outputs, images), layer.Outputs, layer.Depth, product.BiasNumbers(plan.Known, layer.Outputs), width, layer.Rows));
            return new Linear(layer, filters, width, threads) { Name = layer.Name, Form = (filters.Few ? "dense, by rows" : "dense, by tiles") + Density.Expanded(weight), Macs = layer.Macs };
        }
    }

    /// <summary>What compressed forms can do after their sums; null if the layer's clamp is none of that.</summary>
    private static Finish? FinishOf(LinearLayer layer, Product product, PlanBuilder plan)
    {
        if (layer.High < float.PositiveInfinity || layer.Low is not (0 or float.NegativeInfinity)) return null;
        return new Finish(product.Bias is null ? null : product.BiasNumbers(plan.Known, layer.Outputs), layer.Low == 0);
    }
}
