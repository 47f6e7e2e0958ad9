namespace Decant.Torch.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, 2015, algorithm 1) as in PyTorch, bias-corrected: m ← β₁m + (1−β₁)g; v ← β₂v +
/// (1−β₂)g²; θ ← θ − rate/(1−β₁ᵗ) · m/(√v/√(1−β₂ᵗ) + ε). Weight decay is added to g, or
/// with <c>decoupled</c> (AdamW, Loshchilov and Hutter, 2019) θ is first multiplied by 1 − rate·decay. t counts
/// each parameter's own steps.
/// State: <c>mean.{parameter}</c>, <c>square.{parameter}</c> and <c>steps</c> (Int64, one a parameter).
/// </summary>
public sealed class Adam : Optimizer
{
    private const string MeanKind = "mean",
        SquareKind = "square",
        StepsName = "steps";
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly bool _decoupled;
    private readonly TorchTensor?[] _means;
    private readonly TorchTensor?[] _squares;
    private TorchTensor? _stepCounts;

    /// <summary>An optimizer of <paramref name="parameters"/>; both betas lie in [0, 1).</summary>
    public Adam(
        IEnumerable<Parameter> parameters,
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0,
        bool decoupled = false
    )
        : base(parameters, learningRate)
    {
        if (beta1 is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(beta1), beta1, "must lie in [0, 1)");
        if (beta2 is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(beta2), beta2, "must lie in [0, 1)");
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (_beta1, _beta2, _epsilon, _weightDecay, _decoupled) = (beta1, beta2, epsilon, weightDecay, decoupled);
        _means = new TorchTensor?[Parameters.Count];
        _squares = new TorchTensor?[Parameters.Count];
    }

    private protected override void Update(StepBatch batch)
    {
        if (!_decoupled)
            AddDecay(batch, _weightDecay);
        else if (_weightDecay != 0)
            Ops.ForeachMul_(batch.Pick(batch.Parameters), 1 - (LearningRate * _weightDecay));
        TorchTensor[] means = Moments(_means, batch);
        TorchTensor[] squares = Moments(_squares, batch);
        Ops.ForeachMul_(means, _beta1);
        Ops.ForeachAdd_(means, batch.Gradients, 1 - _beta1);
        Ops.ForeachMul_(squares, _beta2);
        Ops.ForeachAddCMul_(squares, batch.Gradients, batch.Gradients, 1 - _beta2);
        Descend(batch, means, squares);
    }

    private protected override IReadOnlyDictionary<string, TorchTensor> CollectState()
    {
        var tensors = new SortedDictionary<string, TorchTensor>(StringComparer.Ordinal);
        if (_stepCounts is not null)
            tensors.Add(StepsName, _stepCounts);
        for (int i = 0; i < _means.Length; i++)
        {
            if (_means[i] is { } mean)
                tensors.Add($"{MeanKind}.{Parameters[i].Name}", mean);
            if (_squares[i] is { } square)
                tensors.Add($"{SquareKind}.{Parameters[i].Name}", square);
        }

        return tensors;
    }

    private protected override void ClearState()
    {
        foreach (TorchTensor? tensor in (TorchTensor?[])[.. _means, .. _squares])
            tensor?.Dispose();
        Array.Clear(_means);
        Array.Clear(_squares);
        _stepCounts?.Dispose();
        _stepCounts = null;
    }

    private protected override void CheckState(string name, TorchTensor tensor)
    {
        if (name != StepsName)
            CheckLike(name, tensor, Math.Max(PlaceOf(name, MeanKind), PlaceOf(name, SquareKind)));
        else if (tensor.Type != TorchType.Int64 || tensor.Rank != 1 || tensor.ElementCount != _means.Length)
            throw new ArgumentException($"optimizer state '{name}' is {tensor}, not Int64[{_means.Length}]");
    }

    private protected override void RestoreState(string name, TorchTensor tensor)
    {
        if (name == StepsName)
            _stepCounts = tensor.To(LibTorch.Processor).Clone().Keep();
        else if (PlaceOf(name, MeanKind) is >= 0 and var mean)
            _means[mean] = tensor.Clone().Keep();
        else
            _squares[PlaceOf(name, SquareKind)] = tensor.Clone().Keep();
    }

    private static TorchTensor[] Moments(TorchTensor?[] all, StepBatch batch)
    {
        var moments = new TorchTensor[batch.Places.Length];
        for (int i = 0; i < moments.Length; i++)
            moments[i] = all[batch.Places[i]] ??= batch.Parameters[i].ZerosLike().Keep();
        return moments;
    }

    private void Descend(StepBatch batch, TorchTensor[] means, TorchTensor[] squares)
    {
        _stepCounts ??= Ops.Zeros([Parameters.Count], TorchType.Int64, LibTorch.Processor).Keep();
        Span<long> steps = _stepCounts.AsSpan<long>();
        var roots = new double[means.Length];
        var sizes = new double[means.Length];
        for (int i = 0; i < means.Length; i++)
        {
            long step = ++steps[batch.Places[i]];
            sizes[i] = -(LearningRate / (1 - Math.Pow(_beta1, step)));
            roots[i] = Math.Sqrt(1 - Math.Pow(_beta2, step));
        }

        TorchTensor[] denominators = Ops.ForeachSqrt(squares);
        Ops.ForeachDiv_(denominators, roots);
        Ops.ForeachAdd_(denominators, _epsilon);
        Ops.ForeachAddCDiv_(batch.Parameters, means, denominators, sizes);
    }
}
