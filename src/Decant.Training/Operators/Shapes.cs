using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Shapes between Core and libtorch.</summary>
internal static class Shapes
{
    public static Shape Of(TorchTensor x) => new(Array.ConvertAll(x.Shape, d => checked((int)d)));

    public static long[] Sizes(Shape shape) => [.. shape.Dims.Select(d => (long)d)];
}
