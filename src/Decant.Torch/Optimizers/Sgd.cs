namespace Decant.Torch.Optimizers;

/// <summary>
/// Stochastic gradient descent as in PyTorch: g ← g + decay·θ; v ← momentum·v + g (v = g at the first step); θ
/// ← θ − rate·v, or with Nesterov's momentum θ ← θ − rate·(g + momentum·v). State:
/// <c>momentum.{parameter}</c>.
/// </summary>
public sealed class Sgd : Optimizer
{
    private const string Kind = "momentum";
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly bool _nesterov;
    private readonly TorchTensor?[] _velocities;

    /// <summary>An optimizer of <paramref name="parameters"/>. Nesterov needs a momentum above zero.</summary>
    public Sgd(
        IEnumerable<Parameter> parameters,
        double learningRate,
        double momentum = 0,
        double weightDecay = 0,
        bool nesterov = false
    )
        : base(parameters, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov's momentum needs a momentum above zero", nameof(nesterov));
        (_momentum, _weightDecay, _nesterov) = (momentum, weightDecay, nesterov);
        _velocities = new TorchTensor?[Parameters.Count];
    }

    private protected override void Update(StepBatch batch)
    {
        AddDecay(batch, _weightDecay);
        TorchTensor[] direction = _momentum == 0 ? batch.Gradients : Accelerate(batch);
        Ops.ForeachAdd_(batch.Parameters, direction, -LearningRate);
    }

    private protected override IReadOnlyDictionary<string, TorchTensor> CollectState()
    {
        var tensors = new SortedDictionary<string, TorchTensor>(StringComparer.Ordinal);
        for (int i = 0; i < _velocities.Length; i++)
        {
            if (_velocities[i] is { } velocity)
                tensors.Add($"{Kind}.{Parameters[i].Name}", velocity);
        }

        return tensors;
    }

    private protected override void ClearState()
    {
        foreach (TorchTensor? velocity in _velocities)
            velocity?.Dispose();
        Array.Clear(_velocities);
    }

    private protected override void CheckState(string name, TorchTensor tensor) =>
        CheckLike(name, tensor, PlaceOf(name, Kind));

    private protected override void RestoreState(string name, TorchTensor tensor) =>
        _velocities[PlaceOf(name, Kind)] = tensor.Clone().Keep();

    private TorchTensor[] Accelerate(StepBatch batch)
    {
        var velocities = new TorchTensor[batch.Places.Length];
        if (Array.TrueForAll(batch.Places, place => _velocities[place] is not null))
        {
            for (int i = 0; i < velocities.Length; i++)
                velocities[i] = _velocities[batch.Places[i]]!;
            Ops.ForeachMul_(velocities, _momentum);
            Ops.ForeachAdd_(velocities, batch.Gradients);
        }
        else
        {
            for (int i = 0; i < velocities.Length; i++)
                velocities[i] = Accelerate(batch.Places[i], batch.Gradients[i]);
        }

        return _nesterov ? Ops.ForeachAdd(batch.Gradients, velocities, _momentum) : velocities;
    }

    private TorchTensor Accelerate(int place, TorchTensor gradient)
    {
        if (_velocities[place] is not { } velocity)
            return _velocities[place] = gradient.Clone().Keep();
        velocity.Mul_(_momentum);
        velocity.Add_(gradient);
        return velocity;
    }
}
