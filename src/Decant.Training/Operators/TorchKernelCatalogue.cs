using Decant.Core;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>Every operator that runs on libtorch: one line each.</summary>
internal static class TorchKernelCatalogue
{
    private static readonly Dictionary<Type, Func<Operator, TorchKernel>> Makers = new()
    {
        [typeof(Op.Add)] = _ => Add.Run,
        [typeof(Op.AveragePool)] = o => AveragePool.Make((Op.AveragePool)o),
        [typeof(Op.BatchNormalization)] = o => BatchNormalization.Make((Op.BatchNormalization)o),
        [typeof(Op.Concat)] = o => Concat.Make((Op.Concat)o),
        [typeof(Op.Conv)] = o => Conv.Make((Op.Conv)o),
        [typeof(Op.Div)] = _ => Div.Run,
        [typeof(Op.Flatten)] = o => Flatten.Make((Op.Flatten)o),
        [typeof(Op.Gemm)] = o => Gemm.Make((Op.Gemm)o),
        [typeof(Op.GlobalAveragePool)] = _ => GlobalAveragePool.Run,
        [typeof(Op.MatMul)] = _ => MatMul.Run,
        [typeof(Op.MaxPool)] = o => MaxPool.Make((Op.MaxPool)o),
        [typeof(Op.Mul)] = _ => Mul.Run,
        [typeof(Op.Pad)] = o => Pad.Make((Op.Pad)o),
        [typeof(Op.Relu)] = _ => Relu.Run,
        [typeof(Op.Reshape)] = o => Reshape.Make((Op.Reshape)o),
        [typeof(Op.Sigmoid)] = _ => Sigmoid.Run,
        [typeof(Op.Slice)] = _ => Slice.Run,
        [typeof(Op.Softmax)] = o => Softmax.Make((Op.Softmax)o),
        [typeof(Op.Sub)] = _ => Sub.Run,
        [typeof(Op.Tanh)] = _ => Tanh.Run,
        [typeof(Op.Transpose)] = o => Transpose.Make((Op.Transpose)o),
    };

    /// <summary>The kernel of a node.</summary>
    /// <exception cref="ModelException">There is none; the node and its operator are named.</exception>
    public static TorchKernel For(Node node) => Makers.TryGetValue(node.Operator.GetType(), out var make)
        ? make(node.Operator)
        : throw new ModelException($"{node}: operator '{node.Operator.Type}' cannot be trained; run it with the managed runtime");
}
