using Decant.Torch;

namespace Decant.Training.Operators;

internal static class DynamicQuantizeLinear
{
    public static TorchTensor Run(TorchInputs x)
    {
        bool empty = x[0].ElementCount == 0;
        float low = empty ? 0 : MathF.Min(0, x[0].Min().ToSingle()), high = empty ? 0 : MathF.Max(0, x[0].Max().ToSingle());
        float scale = high > low ? (high - low) / byte.MaxValue : 1;
        TorchTensor scales = TorchTensor.Scalar(scale), zero = TorchTensor.Scalar((byte)Math.Clamp(MathF.Round(-low / scale), 0, byte.MaxValue));
        if (x.Wants(1)) x.SetOutput(1, scales);
        if (x.Wants(2)) x.SetOutput(2, zero);
        return Quantizing.Round(x[0], scales, zero, Core.ElementType.UInt8);
    }
}
