using Decant.Torch;

namespace Decant.Training.Operators;

internal static class GlobalAveragePool
{
    public static TorchTensor Run(TorchInputs x)
    {
        var axes = new long[x[0].Rank - 2];
        for (int i = 0; i < axes.Length; i++) axes[i] = i + 2;
        return x[0].Mean(axes, keep: true);
    }
}
