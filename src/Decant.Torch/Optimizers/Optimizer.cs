namespace Decant.Torch.Optimizers;

/// <summary>
/// Updates parameters from their gradients, by PyTorch's rules and order of operations. A parameter without a gradient
/// is left alone, its state too. An optimizer belongs to one thread and owns its state tensors.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly TorchTensor[] _tensors;
    private readonly Dictionary<string, int> _places = [];

    private protected Optimizer(IEnumerable<Parameter> parameters, double learningRate)
    {
        _parameters = [.. parameters];
        _tensors = Array.ConvertAll(_parameters, p => p.Tensor);
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (!_places.TryAdd(_parameters[i].Name, i))
                throw new ArgumentException($"two parameters are named '{_parameters[i].Name}'", nameof(parameters));
        }

        LearningRate = learningRate;
    }

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What is updated.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>What to save to continue later, bit for bit.</summary>
    public OptimizerState State => new(Steps, CollectState());

    /// <summary>Drops the gradients of all parameters.</summary>
    public void ClearGrads() => TorchTensor.ClearGrads(_tensors);

    /// <summary>Updates every parameter that has a gradient.</summary>
    public void Step()
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        StepBatch? batch = StepBatch.Gather(_parameters);
        if (batch is not null)
            Update(batch);
        Steps++;
    }

    /// <summary>
    /// Replaces the state by <paramref name="state"/>, whose tensors are copied. Throws <see cref="ArgumentException"/>
    /// that names the tensor if one belongs to no parameter or has other sizes.
    /// </summary>
    public void Restore(OptimizerState state)
    {
        foreach ((string name, TorchTensor tensor) in state.Tensors)
            CheckState(name, tensor);
        using var noGrad = new NoGrad();
        ClearState();
        foreach ((string name, TorchTensor tensor) in state.Tensors)
            RestoreState(name, tensor);
        Steps = state.Steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClearState();
        GC.SuppressFinalize(this);
    }

    private protected abstract IReadOnlyDictionary<string, TorchTensor> CollectState();

    private protected abstract void ClearState();

    /// <summary>Throws if this optimizer has no such state tensor, or one of another type or shape.</summary>
    private protected abstract void CheckState(string name, TorchTensor tensor);

    private protected abstract void RestoreState(string name, TorchTensor tensor);

    private protected abstract void Update(StepBatch batch);

    /// <summary>
    /// The place of the parameter that a state called <c>kind.parameter</c> belongs to, or −1 if it is another kind.
    /// </summary>
    private protected int PlaceOf(string name, string kind) =>
        name.StartsWith(kind, StringComparison.Ordinal)
        && name.Length > kind.Length
        && name[kind.Length] == '.'
        && _places.TryGetValue(name[(kind.Length + 1)..], out int place)
            ? place
            : -1;

    private protected void CheckLike(string name, TorchTensor tensor, int place)
    {
        if (place < 0)
            throw new ArgumentException($"optimizer state '{name}' belongs to no parameter of this optimizer");
        TorchTensor own = _parameters[place].Tensor;
        if (tensor.Type != own.Type || !tensor.Shape.AsSpan().SequenceEqual(own.Shape))
            throw new ArgumentException($"optimizer state '{name}' is {tensor}, its parameter {own}");
    }

    /// <summary>Weight decay as part of the gradient: g + decay·θ, in new tensors.</summary>
    private protected static void AddDecay(StepBatch batch, double decay)
    {
        if (decay == 0 || batch.Decayed.Length == 0)
            return;
        TorchTensor[] gradients = Ops.ForeachAdd(batch.Pick(batch.Gradients), batch.Pick(batch.Parameters), decay);
        for (int i = 0; i < gradients.Length; i++)
            batch.Gradients[batch.Decayed[i]] = gradients[i];
    }
}

/// <summary>
/// What an optimizer remembers between steps; with the parameters and the learning rate it decides all later steps.
/// </summary>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="Tensors">
/// The optimizer's own tensors by name (<c>momentum.conv1.weight</c>), not copies: read or save them before the next
/// step.
/// </param>
public sealed record OptimizerState(long Steps, IReadOnlyDictionary<string, TorchTensor> Tensors);

/// <summary>A tensor that an optimizer updates.</summary>
/// <param name="Name">Its name, unique in the optimizer: it names its state in a checkpoint.</param>
/// <param name="Tensor">The leaf tensor, which outlives the optimizer.</param>
/// <param name="Decay">Whether weight decay applies to it.</param>
public sealed record Parameter(string Name, TorchTensor Tensor, bool Decay = true);

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
        int count = 0,
            decays = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Tensor.Grad is not { } gradient)
                continue;
            if (parameters[i].Decay)
                decayed[decays++] = count;
            (places[count], tensors[count], gradients[count]) = (i, parameters[i].Tensor, gradient);
            count++;
        }

        if (count == 0)
            return null;
        return new StepBatch(places[..count], tensors[..count], gradients[..count], decayed[..decays]);
    }

    /// <summary>The items of those that take weight decay.</summary>
    public TorchTensor[] Pick(TorchTensor[] items) =>
        Decayed.Length == items.Length ? items : Array.ConvertAll(Decayed, i => items[i]);
}
