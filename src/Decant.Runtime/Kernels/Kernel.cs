namespace Decant.Runtime.Kernels;

/// <summary>Computes a node: its inputs (null where left out) to its outputs, each with an array of its own.</summary>
internal delegate Tensor[] Kernel(Operator op, Tensor?[] inputs, KernelContext context);
