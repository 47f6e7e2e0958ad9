namespace Decant.Runtime.Kernels;

/// <summary>Makes the outputs of operators that have several.</summary>
internal static class Outputs
{
    /// <summary>A tensor of zeros for each output up to the last that the node names.</summary>
    public static Tensor[] Make(Operator op, KernelContext context) =>
        [.. op.Infer(context.Known).Take(context.Wanted).Select(t => Tensor.Zeros(t!.Type, t.Shape!.Value))];
}
