using System.Collections.Frozen;

namespace Decant.Runtime.Kernels;

/// <summary>Every kernel there is: one line each.</summary>
internal static class KernelCatalogue
{
    private static readonly FrozenDictionary<string, Kernel> Kernels = new Dictionary<string, Kernel>
    {
        ["Add"] = One<Operators.Add>(Add.Run),
        ["AveragePool"] = HalfPrecision.Widened(One<Operators.AveragePool>(AveragePool.Run)),
        ["BatchNormalization"] = HalfPrecision.Widened(One<Operators.BatchNormalization>(BatchNormalization.Run)),
        ["Concat"] = One<Operators.Concat>(Concat.Run),
        ["ConstantOfShape"] = One<Operators.ConstantOfShape>(ConstantOfShape.Run),
        ["Conv"] = HalfPrecision.Widened(One<Operators.Conv>(Conv.Run)),
        ["ConvTranspose"] = HalfPrecision.Widened(One<Operators.ConvTranspose>(ConvTranspose.Run)),
        ["DepthToSpace"] = One<Operators.DepthToSpace>(DepthToSpace.Run),
        ["Div"] = One<Operators.Div>(Div.Run),
        ["Expand"] = One<Operators.Expand>(Expand.Run),
        ["Flatten"] = One<Operators.Flatten>(Flatten.Run),
        ["GRU"] = HalfPrecision.Widened(Many<Operators.GRU>(GRU.Run)),
        ["Gather"] = One<Operators.Gather>(Gather.Run),
        ["GatherElements"] = One<Operators.GatherElements>(GatherElements.Run),
        ["GatherND"] = One<Operators.GatherND>(GatherND.Run),
        ["Gemm"] = HalfPrecision.Widened(One<Operators.Gemm>(Gemm.Run)),
        ["GlobalAveragePool"] = HalfPrecision.Widened(One<Operators.GlobalAveragePool>(GlobalAveragePool.Run)),
        ["GlobalMaxPool"] = One<Operators.GlobalMaxPool>(GlobalMaxPool.Run),
        ["GroupNormalization"] = HalfPrecision.Widened(One<Operators.GroupNormalization>(GroupNormalization.Run)),
        ["InstanceNormalization"] = HalfPrecision.Widened(One<Operators.InstanceNormalization>(InstanceNormalization.Run)),
        ["LRN"] = HalfPrecision.Widened(One<Operators.LRN>(LRN.Run)),
        ["LSTM"] = HalfPrecision.Widened(Many<Operators.LSTM>(LSTM.Run)),
        ["LayerNormalization"] = HalfPrecision.Widened(Many<Operators.LayerNormalization>(LayerNormalization.Run)),
        ["LogSoftmax"] = HalfPrecision.Widened(One<Operators.LogSoftmax>(LogSoftmax.Run)),
        ["LpPool"] = HalfPrecision.Widened(One<Operators.LpPool>(LpPool.Run)),
        ["MatMul"] = HalfPrecision.Widened(One<Operators.MatMul>(MatMul.Run)),
        ["MaxPool"] = Many<Operators.MaxPool>(MaxPool.Run),
        ["Mul"] = One<Operators.Mul>(Mul.Run),
        ["NonZero"] = One<Operators.NonZero>(NonZero.Run),
        ["OneHot"] = One<Operators.OneHot>(OneHot.Run),
        ["Pad"] = One<Operators.Pad>(Pad.Run),
        ["RMSNormalization"] = HalfPrecision.Widened(One<Operators.RMSNormalization>(RMSNormalization.Run)),
        ["RNN"] = HalfPrecision.Widened(Many<Operators.RNN>(RNN.Run)),
        ["Range"] = HalfPrecision.Widened(One<Operators.Range>(Range.Run)),
        ["Relu"] = One<Operators.Relu>(Relu.Run),
        ["Reshape"] = One<Operators.Reshape>(Reshape.Run),
        ["Resize"] = HalfPrecision.Widened(One<Operators.Resize>(Resize.Run)),
        ["ScatterElements"] = One<Operators.ScatterElements>(ScatterElements.Run),
        ["Shape"] = One<Operators.Inspection.Shape>(ShapeKernel.Run),
        ["Sigmoid"] = HalfPrecision.Widened(One<Operators.Sigmoid>(Sigmoid.Run)),
        ["Size"] = One<Operators.Size>(Size.Run),
        ["Slice"] = One<Operators.Slice>(Slice.Run),
        ["Softmax"] = HalfPrecision.Widened(One<Operators.Softmax>(Softmax.Run)),
        ["SpaceToDepth"] = One<Operators.SpaceToDepth>(SpaceToDepth.Run),
        ["Split"] = Many<Operators.Split>(Split.Run),
        ["Squeeze"] = One<Operators.Squeeze>(Squeeze.Run),
        ["Sub"] = One<Operators.Sub>(Sub.Run),
        ["Tanh"] = HalfPrecision.Widened(One<Operators.Tanh>(Tanh.Run)),
        ["Tile"] = One<Operators.Tile>(Tile.Run),
        ["TopK"] = Many<Operators.TopK>(TopK.Run),
        ["Transpose"] = One<Operators.Transpose>(Transpose.Run),
        ["Trilu"] = One<Operators.Trilu>(Trilu.Run),
        ["Unsqueeze"] = One<Operators.Unsqueeze>(Unsqueeze.Run),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kernel that computes a node.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static Kernel For(Node node) => Kernels.TryGetValue(node.Operator.Type, out Kernel? kernel)
        ? kernel
        : throw new ModelException($"{node}: the runtime has no kernel for operator '{node.Operator.Type}'");

    private static Kernel One<TOperator>(Func<TOperator, Tensor?[], KernelContext, Tensor> run) where TOperator : Operator =>
        (op, inputs, context) => [run((TOperator)op, inputs, context)];

    private static Kernel Many<TOperator>(Func<TOperator, Tensor?[], KernelContext, Tensor[]> run) where TOperator : Operator =>
        (op, inputs, context) => run((TOperator)op, inputs, context);
}
