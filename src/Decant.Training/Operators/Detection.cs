using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>What is selected has no gradient, so it is computed where the operator says how.</summary>
internal static class NonMaxSuppression
{
    public static TorchKernel Make(Op.NonMaxSuppression op) =>
        x =>
        {
            OperatorInputs known = x.Known(0, 1, 2, 3, 4);
            var selected = op.Select(known.Constant(0)!, known.Constant(1)!, known);
            long[] rows = [.. selected.SelectMany(s => new long[] { s.Image, s.Class, s.Box })];
            return Tensor.Of(new Shape(selected.Count, 3), rows).ToTorch();
        };
}
