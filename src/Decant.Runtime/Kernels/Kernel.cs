namespace Decant.Runtime.Kernels;

/// <summary>Computes a node: its inputs (null where left out) to its outputs, each with an array of its own.</summary>
internal delegate Tensor[] Kernel(Operator op, Tensor?[] inputs, KernelContext context);

/// <summary>What a kernel may know besides its inputs.</summary>
/// <param name="Known">The inputs as the shape rules see them.</param>
/// <param name="Output">The shape of output 0.</param>
/// <param name="Wanted">How many outputs the node names.</param>
/// <param name="Threads">How to spread work.</param>
/// <param name="Memory">What the run may still allocate.</param>
internal sealed record KernelContext(OperatorInputs Known, Shape Output, int Wanted, Threads Threads, RunMemory Memory);

/// <summary>Makes the outputs of operators that have several.</summary>
internal static class Outputs
{
    /// <summary>A tensor of zeros for each output up to the last that the node names.</summary>
    public static Tensor[] Make(Operator op, KernelContext context) =>
        [.. op.Infer(context.Known).Take(context.Wanted).Select(t => Tensor.Zeros(t!.Type, t.Shape!.Value))];
}
