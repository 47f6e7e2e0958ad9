using Decant.Torch;

namespace Decant.Techniques.Pruning;

/// <summary>The damped matrix 2/n·Σ x·xᵀ of a layer's inputs.</summary>
/// <param name="Size">Its rows and columns.</param>
/// <param name="Entries">Its entries, row-major.</param>
internal sealed record LayerHessian(int Size, double[] Entries)
{
    private static readonly TorchOp Solve = new("aten::linalg_solve");

    public TorchTensor ToTorch() => TorchTensor.From<double>(Entries, Size, Size);

    /// <summary>What makes up best for inputs that go: H_KK⁻¹·H_KP·w_P, a row for each input that stays and a column for each of w_P.</summary>
    /// <param name="hessian">H.</param>
    /// <param name="stay">K, the inputs that stay.</param>
    /// <param name="go">P, the inputs that go.</param>
    /// <param name="lost">w_P: a row for each input that goes, a column for each neuron.</param>
    public static double[] MakeUp(TorchTensor hessian, long[] stay, long[] go, TorchTensor lost)
    {
        TorchTensor rows = hessian.IndexSelect(0, TorchTensor.From<long>(stay, stay.Length));
        TorchTensor right = rows.IndexSelect(1, TorchTensor.From<long>(go, go.Length)).MatMul(lost);
        return Solve.Call(rows.IndexSelect(1, TorchTensor.From<long>(stay, stay.Length)), right).ToArray<double>();
    }
}
