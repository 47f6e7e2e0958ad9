using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Runs networks through libtorch.</summary>
public sealed class TorchExecutor(Network network) : IExecutor
{
    private readonly TrainingNetwork torch = new(network);

    /// <inheritdoc/>
    public string Name => "torch";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs)
    {
        NetworkInputs.Check(network, inputs);
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        TorchTensor[] outputs = torch.Forward(training: false, [.. inputs.Select(i => i.ToTorch())]);
        return [.. outputs.Select((o, i) => o.ToTensor(network.Outputs[i].Type.Type))];
    }

    /// <inheritdoc/>
    public void Dispose() => torch.Dispose();
}
