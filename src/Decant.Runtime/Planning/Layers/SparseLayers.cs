using Decant.Runtime.Forms;
using Decant.Runtime.Forms.Sparse;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans convolutions by the weights that are not zero, where those are few.</summary>
internal static class SparseLayers
{
    /// <summary>Adds the stage of a sparse convolution; false if it would not pay.</summary>
    public static bool TryAdd(Operation operation, Operators.Conv conv, string? bias, ImageWindow window, PlanBuilder plan)
    {
        string weight = operation.Node.Inputs[1];
        if (operation.Residual is not null || operation.High < float.PositiveInfinity || operation.Low is not (0 or float.NegativeInfinity)
            || plan.Known.Encoding(weight) is not { } encoding || !Density.PaysInConvolution(encoding, window.IsWinograd && conv.Group == 1)) return false;
        Shape x = plan.Known.FloatShape(operation.Node.Inputs[0])!.Value;
        var weights = new FoldedWeights(operation, conv.Group, bias, plan.Known);
        SparseConvolution sparse = plan.Weights.Get(weights.Key, $"sparse {window} over {x} relu {operation.Low}", () => Make(weights, PlanOf(window, conv, x), operation.Low == 0));
        PlanBuffer input = plan.Plain(operation.Node.Inputs[0])!;
        plan.Add(new SparsePlanes(input, plan.NewPlain(operation.Output), x[0], sparse, plan.Options.Width)
        { Name = operation.Node.Name, Form = "sparse", Macs = plan.Known.Macs(operation.Node) });
        return true;
    }

    private static SparseConvolution Make(FoldedWeights weights, SparsePlan plan, bool relu)
    {
        SparseRows rows = SparseRows.Of(new DenseEncoding(weights.Weight));
        return new SparseConvolution(rows, plan.Fitted(rows.Values.Length), new Finish(weights.Bias.Length == 0 ? null : weights.Bias, relu));
    }

    private static SparsePlan PlanOf(ImageWindow w, Operators.Conv conv, Shape x) => new SparsePlan
    {
        Channels = x[1],
        Groups = conv.Group,
        InputHeight = x.Rank == 4 ? x[2] : 1,
        InputWidth = x[-1],
        KernelHeight = w.Height,
        KernelWidth = w.Width,
        StrideY = w.StrideY,
        StrideX = w.StrideX,
        DilationY = w.DilationY,
        DilationX = w.DilationX,
        Top = w.Padding.Top,
        Left = w.Padding.Left,
        Bottom = w.Padding.Bottom,
        Right = w.Padding.Right,
    }.Check();
}
