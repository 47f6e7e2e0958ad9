namespace Decant.Torch.Optimizers;

/// <summary>The parameters that have a gradient at one step, side by side with their gradients.</summary>
/// <param name="Places">Where each stands in the optimizer's list.</param>
/// <param name="Parameters">Their tensors.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Decayed">Which of these (by position here) take weight decay.</param>
internal sealed record StepBatch(int[] Places, TorchTensor[] Parameters, TorchTensor[] Gradients, int[] Decayed)
{
    /// <summary>The batch of this step, or null when no parameter has a gradient.</summary>
    public static StepBatch? Gather(Parameter[] parameters)
    {
        var places = new int[parameters.Length];
        var tensors = new TorchTensor[parameters.Length];
        var gradients = new TorchTensor[parameters.Length];
        var decayed = new int[parameters.Length];
        int count = 0, decays = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Tensor.Grad is not { } gradient) continue;
            if (parameters[i].Decay) decayed[decays++] = count;
            (places[count], tensors[count], gradients[count]) = (i, parameters[i].Tensor, gradient);
            count++;
        }

        if (count == 0) return null;
        return new StepBatch(places[..count], tensors[..count], gradients[..count], decayed[..decays]);
    }

    /// <summary>The items of those that take weight decay.</summary>
    public TorchTensor[] Pick(TorchTensor[] items) =>
        Decayed.Length == items.Length ? items : Array.ConvertAll(Decayed, i => items[i]);
}
