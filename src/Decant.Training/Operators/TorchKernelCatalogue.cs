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
        [typeof(Op.ConstantOfShape)] = o => ConstantOfShape.Make((Op.ConstantOfShape)o),
        [typeof(Op.Conv)] = o => Conv.Make((Op.Conv)o),
        [typeof(Op.ConvTranspose)] = o => ConvTranspose.Make((Op.ConvTranspose)o),
        [typeof(Op.DepthToSpace)] = o => DepthToSpace.Make((Op.DepthToSpace)o),
        [typeof(Op.Div)] = _ => Div.Run,
        [typeof(Op.Expand)] = o => Expand.Make((Op.Expand)o),
        [typeof(Op.Flatten)] = o => Flatten.Make((Op.Flatten)o),
        [typeof(Op.GRU)] = o => GRU.Make((Op.GRU)o),
        [typeof(Op.Gather)] = o => Gather.Make((Op.Gather)o),
        [typeof(Op.GatherElements)] = o => GatherElements.Make((Op.GatherElements)o),
        [typeof(Op.GatherND)] = o => GatherND.Make((Op.GatherND)o),
        [typeof(Op.Gemm)] = o => Gemm.Make((Op.Gemm)o),
        [typeof(Op.GlobalAveragePool)] = _ => GlobalAveragePool.Run,
        [typeof(Op.GlobalMaxPool)] = _ => GlobalMaxPool.Run,
        [typeof(Op.GroupNormalization)] = o => GroupNormalization.Make((Op.GroupNormalization)o),
        [typeof(Op.InstanceNormalization)] = o => InstanceNormalization.Make((Op.InstanceNormalization)o),
        [typeof(Op.LRN)] = o => LRN.Make((Op.LRN)o),
        [typeof(Op.LSTM)] = o => LSTM.Make((Op.LSTM)o),
        [typeof(Op.LayerNormalization)] = o => LayerNormalization.Make((Op.LayerNormalization)o),
        [typeof(Op.LogSoftmax)] = o => LogSoftmax.Make((Op.LogSoftmax)o),
        [typeof(Op.LpPool)] = o => LpPool.Make((Op.LpPool)o),
        [typeof(Op.MatMul)] = _ => MatMul.Run,
        [typeof(Op.MaxPool)] = o => MaxPool.Make((Op.MaxPool)o),
        [typeof(Op.Mul)] = _ => Mul.Run,
        [typeof(Op.NonZero)] = _ => NonZero.Run,
        [typeof(Op.OneHot)] = o => OneHot.Make((Op.OneHot)o),
        [typeof(Op.Pad)] = o => Pad.Make((Op.Pad)o),
        [typeof(Op.RMSNormalization)] = o => RMSNormalization.Make((Op.RMSNormalization)o),
        [typeof(Op.RNN)] = o => RNN.Make((Op.RNN)o),
        [typeof(Op.Range)] = o => Range.Make((Op.Range)o),
        [typeof(Op.Relu)] = _ => Relu.Run,
        [typeof(Op.Reshape)] = o => Reshape.Make((Op.Reshape)o),
        [typeof(Op.Resize)] = o => Resize.Make((Op.Resize)o),
        [typeof(Op.ScatterElements)] = o => ScatterElements.Make((Op.ScatterElements)o),
        [typeof(Op.Inspection.Shape)] = o => ShapeOnTorch.Make((Op.Inspection.Shape)o),
        [typeof(Op.Sigmoid)] = _ => Sigmoid.Run,
        [typeof(Op.Size)] = _ => Size.Run,
        [typeof(Op.Slice)] = _ => Slice.Run,
        [typeof(Op.Softmax)] = o => Softmax.Make((Op.Softmax)o),
        [typeof(Op.SpaceToDepth)] = o => SpaceToDepth.Make((Op.SpaceToDepth)o),
        [typeof(Op.Split)] = o => Split.Make((Op.Split)o),
        [typeof(Op.Squeeze)] = _ => Squeeze.Run,
        [typeof(Op.Sub)] = _ => Sub.Run,
        [typeof(Op.Tanh)] = _ => Tanh.Run,
        [typeof(Op.Tile)] = o => Tile.Make((Op.Tile)o),
        [typeof(Op.TopK)] = o => TopK.Make((Op.TopK)o),
        [typeof(Op.Transpose)] = o => Transpose.Make((Op.Transpose)o),
        [typeof(Op.Trilu)] = o => Trilu.Make((Op.Trilu)o),
        [typeof(Op.Unsqueeze)] = _ => Unsqueeze.Run,
    };

    /// <summary>The kernel of a node.</summary>
    /// <exception cref="ModelException">There is none; the node and its operator are named.</exception>
    public static TorchKernel For(Node node) => Makers.TryGetValue(node.Operator.GetType(), out var make)
        ? make(node.Operator)
        : throw new ModelException($"{node}: operator '{node.Operator.Type}' cannot be trained; run it with the managed runtime");
}
