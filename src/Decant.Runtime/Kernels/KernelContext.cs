namespace Decant.Runtime.Kernels;

/// <summary>What a kernel may know besides its inputs.</summary>
/// <param name="Known">The inputs as the shape rules see them.</param>
/// <param name="Output">The shape of output 0.</param>
/// <param name="Wanted">How many outputs the node names.</param>
/// <param name="Threads">How to spread work.</param>
internal sealed record KernelContext(OperatorInputs Known, Shape Output, int Wanted, Threads Threads);
