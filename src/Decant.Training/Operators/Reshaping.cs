using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>Shapes between Core and libtorch.</summary>
internal static class Shapes
{
    public static Shape Of(TorchTensor x) => new(Array.ConvertAll(x.Shape, d => checked((int)d)));

    public static long[] Sizes(Shape shape) => [.. shape.Dims.Select(d => (long)d)];
}

internal static class Reshape
{
    public static TorchKernel Make(Op.Reshape op) =>
        x => x[0].Reshape(Shapes.Sizes(op.Output(Shapes.Of(x[0]), x.Integers(1))));
}

internal static class Flatten
{
    public static TorchKernel Make(Op.Flatten op) =>
        x => op.Axis == 1 && x[0].Rank > 1 ? x[0].Flatten(1, -1) : General(op, x[0]);

    private static TorchTensor General(Op.Flatten op, TorchTensor x)
    {
        Core.Shape to = op.Output(Shapes.Of(x));
        return x.Reshape(to[0], to[1]);
    }
}

internal static class Squeeze
{
    public static TorchTensor Run(TorchInputs x) =>
        x[0].Reshape(Shapes.Sizes(Op.Squeeze.Output(Shapes.Of(x[0]), x.Integers(1))!.Value));
}

internal static class Unsqueeze
{
    public static TorchTensor Run(TorchInputs x) =>
        x[0].Reshape(Shapes.Sizes(Op.Unsqueeze.Output(Shapes.Of(x[0]), x.Integers(1)!)));
}

internal static class Expand
{
    public static TorchKernel Make(Op.Expand op) =>
        x => x[0].Expand(Shapes.Sizes(op.Infer(x.Known(1))[0]!.Shape!.Value));
}

/// <summary>ONNX Shape. Its name leaves Shape to the extents of a tensor.</summary>
internal static class ShapeOnTorch
{
    public static TorchKernel Make(Op.Inspection.Shape op) =>
        x =>
        {
            var (first, count) = op.Range(x[0].Rank);
            return TorchTensor.From<long>(x[0].Shape.AsSpan(first, count), count);
        };
}

internal static class Size
{
    public static TorchTensor Run(TorchInputs x) => TorchTensor.Scalar(x[0].ElementCount);
}
