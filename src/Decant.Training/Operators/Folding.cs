using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Operators of any number of inputs as one of two, from the first input on.</summary>
internal static class Folding
{
    public static TorchTensor Fold(this TorchInputs x, Func<TorchTensor, TorchTensor, TorchTensor> combine)
    {
        TorchTensor result = x[0];
        for (int i = 1; i < x.Count; i++) result = combine(result, x[i]);
        return result;
    }
}
