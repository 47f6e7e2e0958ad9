using Decant.Torch;

namespace Decant.Techniques.Pruning;

/// <summary>The damped matrix 2/n·Σ x·xᵀ of a layer's inputs.</summary>
/// <param name="Size">Its rows and columns.</param>
/// <param name="Entries">Its entries, row-major.</param>
internal sealed record LayerHessian(int Size, double[] Entries)
{
    public TorchTensor ToTorch() => TorchTensor.From<double>(Entries, Size, Size);
}
