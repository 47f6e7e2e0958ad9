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
        ["Conv"] = HalfPrecision.Widened(One<Operators.Conv>(Conv.Run)),
        ["Div"] = One<Operators.Div>(Div.Run),
        ["Flatten"] = One<Operators.Flatten>(Flatten.Run),
        ["Gemm"] = HalfPrecision.Widened(One<Operators.Gemm>(Gemm.Run)),
        ["GlobalAveragePool"] = HalfPrecision.Widened(One<Operators.GlobalAveragePool>(GlobalAveragePool.Run)),
        ["MatMul"] = HalfPrecision.Widened(One<Operators.MatMul>(MatMul.Run)),
        ["MaxPool"] = (op, inputs, context) => MaxPool.Run((Operators.MaxPool)op, inputs, context),
        ["Mul"] = One<Operators.Mul>(Mul.Run),
        ["Pad"] = One<Operators.Pad>(Pad.Run),
        ["Relu"] = One<Operators.Relu>(Relu.Run),
        ["Reshape"] = One<Operators.Reshape>(Reshape.Run),
        ["Sigmoid"] = HalfPrecision.Widened(One<Operators.Sigmoid>(Sigmoid.Run)),
        ["Slice"] = One<Operators.Slice>(Slice.Run),
        ["Softmax"] = HalfPrecision.Widened(One<Operators.Softmax>(Softmax.Run)),
        ["Sub"] = One<Operators.Sub>(Sub.Run),
        ["Tanh"] = HalfPrecision.Widened(One<Operators.Tanh>(Tanh.Run)),
        ["Transpose"] = One<Operators.Transpose>(Transpose.Run),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kernel that computes a node.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static Kernel For(Node node) => Kernels.TryGetValue(node.Operator.Type, out Kernel? kernel)
        ? kernel
        : throw new ModelException($"{node}: the runtime has no kernel for operator '{node.Operator.Type}'");

    private static Kernel One<TOperator>(Func<TOperator, Tensor?[], KernelContext, Tensor> run) where TOperator : Operator =>
        (op, inputs, context) => [run((TOperator)op, inputs, context)];
}
