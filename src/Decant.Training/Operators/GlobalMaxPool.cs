using Decant.Torch;

namespace Decant.Training.Operators;

internal static class GlobalMaxPool
{
    public static TorchTensor Run(TorchInputs x) => x[0].Max([.. Enumerable.Range(2, x[0].Rank - 2).Select(i => (long)i)], keep: true);
}
