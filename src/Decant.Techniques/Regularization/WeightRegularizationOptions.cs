using Decant.Core;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Regularization;

/// <summary>Options of a penalty on weights.</summary>
public sealed record WeightRegularizationOptions : TechniqueOptions
{
    /// <summary>The penalty.</summary>
    public required RegularizationKind Kind { get; init; }

    /// <summary>λ, the factor of the penalty in the loss.</summary>
    [OptionRange(0, 1e6)]
    public required double Strength { get; init; }

    /// <summary>The magnitude that separates small weights from large ones.</summary>
    [OptionRange(1e-6, 1e6)]
    [OnlyWith(nameof(Kind), RegularizationKind.HansonPratt)]
    public double W0 { get; init; } = 1;

    /// <summary>What is a group of group lasso.</summary>
    [OnlyWith(nameof(Kind), RegularizationKind.GroupLasso)]
    public GroupKind Over { get; init; } = GroupKind.Neuron;

    /// <summary>The factor of filter shapes: what reads one channel at one place of the kernel.</summary>
    [OptionRange(0, 1e6)]
    [OnlyWith(nameof(Kind), RegularizationKind.StructuredSparsity)]
    public double Shapes { get; init; }

    /// <summary>The factor of channels.</summary>
    [OptionRange(0, 1e6)]
    [OnlyWith(nameof(Kind), RegularizationKind.StructuredSparsity)]
    public double Channels { get; init; } = 1;

    /// <summary>The factor of filters.</summary>
    [OptionRange(0, 1e6)]
    [OnlyWith(nameof(Kind), RegularizationKind.StructuredSparsity)]
    public double Filters { get; init; } = 1;

    /// <summary>The factor of whole layers.</summary>
    [OptionRange(0, 1e6)]
    [OnlyWith(nameof(Kind), RegularizationKind.StructuredSparsity)]
    public double Depth { get; init; }

    /// <summary>
    /// What a group's norm is multiplied by; null for the root of its size with group lasso, and for nothing else.
    /// </summary>
    [OnlyWith(
        nameof(Kind),
        RegularizationKind.GroupLasso,
        RegularizationKind.DropNeuronIn,
        RegularizationKind.DropNeuronOut,
        RegularizationKind.StructuredSparsity
    )]
    public GroupScale? Scale { get; init; }

    /// <summary>The share of a round's steps over which the strength rises from zero.</summary>
    [Share]
    public double WarmUp { get; init; }

    /// <summary>Whether it acts by proximal steps after those of the optimizer, instead of through the loss.</summary>
    public bool Proximal { get; init; }

    /// <summary>The bits of the grid.</summary>
    [OptionRange(2, 16)]
    [OnlyWith(nameof(Kind), RegularizationKind.Grid)]
    public int? Bits { get; init; }

    /// <summary>
    /// How weights are grouped, each way with its factor, from small groups to large ones: the order in which proximal
    /// steps of nested groups are exact. Empty for penalties on single weights.
    /// </summary>
    internal IReadOnlyList<(GroupKind Kind, double Factor)> Groups =>
        Kind switch
        {
            RegularizationKind.GroupLasso => [(Over, 1)],
            RegularizationKind.DropNeuronIn => [(GroupKind.Neuron, 1)],
            RegularizationKind.DropNeuronOut => [(GroupKind.Channel, 1)],
            RegularizationKind.StructuredSparsity => [.. Structures.Where(s => s.Factor > 0)],
            _ => [],
        };

    /// <summary>Whether a group counts with the root of its size (Yuan, Lin 2006).</summary>
    internal bool BySize => Scale is { } scale ? scale == GroupScale.GroupSize : Kind == RegularizationKind.GroupLasso;

    private (GroupKind Kind, double Factor)[] Structures =>
        [
            (GroupKind.Column, Shapes),
            (GroupKind.Channel, Channels),
            (GroupKind.Neuron, Filters),
            (GroupKind.Layer, Depth),
        ];

    /// <inheritdoc/>
    public override void Validate()
    {
        bool isSimple = Kind is RegularizationKind.L1 or RegularizationKind.L2;
        if (Kind == RegularizationKind.StructuredSparsity && Groups.Count == 0)
            throw new OptionsException(null, "needs one of 'filters', 'channels', 'shapes' and 'depth' above 0");
        if (Proximal && !isSimple && Groups.Count == 0)
            throw new OptionsException(
                "proximal",
                $"'{OptionText.Write(Kind)}' has no proximal step; leave 'proximal' out"
            );
        if (Kind == RegularizationKind.Grid && Bits is null)
            throw new OptionsException(null, "needs 'bits', a whole number from 2 to 16");
    }

    /// <summary>The strength at a step: it rises to λ in equal parts over the warm-up.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    public double StrengthAt(long step, long steps) => Strength * Math.Min(1, (step + 1) / Math.Max(1, WarmUp * steps));
}

/// <summary>What the norm of a group of weights is multiplied by.</summary>
public enum GroupScale
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The root of the group's size (Yuan, Lin 2006).</summary>
    GroupSize,
}
