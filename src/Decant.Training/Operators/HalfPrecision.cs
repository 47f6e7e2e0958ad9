using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Half-precision tensors, on which libtorch computes little on a processor, by way of single precision.</summary>
internal static class HalfPrecision
{
    /// <summary>A kernel whose Float16 inputs are widened, and whose outputs are narrowed where a network says that they are Float16.</summary>
    public static TorchKernel Widened(TorchKernel kernel, Core.ElementType[] outputs) => inputs =>
    {
        TorchInputs wide = inputs.Widened();
        TorchTensor result = kernel(wide);
        for (int i = 1; i < outputs.Length; i++)
            if (wide.MoreOutputs[i - 1] is { } more) inputs.SetOutput(i, Narrow(more, outputs[i]));
        return Narrow(result, outputs[0]);
    };

    private static TorchTensor Narrow(TorchTensor x, Core.ElementType type) =>
        type == Core.ElementType.Float16 && x.Type == TorchType.Float32 ? x.To(TorchType.Float16) : x;
}
