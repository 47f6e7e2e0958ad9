using Decant.Runtime.Forms;
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
        ImageView? images = x.Rank == 2 ? plan.Flattened(node.Inputs[0]) : null;
        PlanBuffer input = images?.Buffer ?? plan.Plain(node.Inputs[0])!;
        var layer = new LinearLayer(node.Name, input, plan.NewPlain(operation.Output), checked((int)(x.Count / depth)), depth, outputs, operation.Low, operation.High);
        plan.Add(Choose(product, layer, images, plan));
        return true;
    }

    private static Stage Choose(Product product, LinearLayer layer, ImageView? images, PlanBuilder plan)
    {
        var (width, threads) = (plan.Options.Width, plan.Options.Threads);
        string order = images is null ? "" : $" of {images.Height}x{images.Width} images";
        if (plan.Known.Encoding(product.Node.Inputs[1]) is { } encoding && Density.PaysInProduct(encoding) && FinishOf(layer, product, plan) is { } finish)
        {
            SparseProduct sparse = plan.Weights.Get(product.Key, "sparse" + order + finish.Relu, () =>
                new SparseProduct(SparseRows.Of(product.Rows(plan.Known, layer.Depth, layer.Outputs, images), layer.Outputs, layer.Depth), finish));
            return new SparseLinear(layer, sparse, width, threads) { Name = layer.Name, Form = "sparse", Macs = layer.Macs };
        }
        LinearFilters filters = plan.Weights.Get(product.Key, LinearFilters.Key(layer.Rows) + order, () =>
            new LinearFilters(product.Rows(plan.Known, layer.Depth, layer.Outputs, images), layer.Outputs, layer.Depth, product.BiasNumbers(plan.Known, layer.Outputs), width, layer.Rows));
        return new Linear(layer, filters, width, threads) { Name = layer.Name, Form = filters.Few ? "dense, by rows" : "dense, by tiles", Macs = layer.Macs };
    }

    /// <summary>What compressed forms can do after their sums; null if the layer's clamp is none of that.</summary>
    private static Finish? FinishOf(LinearLayer layer, Product product, PlanBuilder plan)
    {
        if (layer.High < float.PositiveInfinity || layer.Low is not (0 or float.NegativeInfinity)) return null;
        return new Finish(product.Bias is null ? null : product.BiasNumbers(plan.Known, layer.Outputs), layer.Low == 0);
    }
}
