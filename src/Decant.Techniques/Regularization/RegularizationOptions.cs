using Decant.Core;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Regularization;

/// <summary>Options of a regularizer.</summary>
/// <param name="Kind">The penalty.</param>
/// <param name="Strength">λ, the factor of the penalty in the loss.</param>
/// <param name="W0">For <see cref="RegularizationKind.HansonPratt"/>, the magnitude that separates small numbers from
/// large ones.</param>
/// <param name="Groups">For <see cref="RegularizationKind.Groups"/>, how numbers are grouped, each way with its factor;
/// else empty.</param>
/// <param name="BySize">Whether a group counts with the root of its size (Yuan, Lin 2006).</param>
/// <param name="WarmUp">The share of a round's steps over which the strength rises from zero.</param>
/// <param name="Proximal">Whether it acts by proximal steps after those of the optimizer, instead of through the
/// loss.</param>
/// <param name="Bits">For <see cref="RegularizationKind.Grid"/>, the bits of the grid.</param>
public sealed record RegularizationOptions(
    RegularizationKind Kind,
    double Strength,
    double W0,
    IReadOnlyList<(GroupKind Kind, double Factor)> Groups,
    bool BySize,
    double WarmUp,
    bool Proximal,
    int Bits
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range or does not go with the kind.</exception>
    public static RegularizationOptions Read(TechniqueOptions options)
    {
        if (!options.Has("kind"))
            throw options.Error(
                null,
                "needs 'kind', one of l1, l2, hanson-pratt, group-lasso, drop-neuron-in, drop-neuron-out, "
                    + "structured-sparsity, grid, range, ternary"
            );
        string word = options.Word(
            "kind",
            "l1",
            "l2",
            "hanson-pratt",
            "group-lasso",
            "drop-neuron-in",
            "drop-neuron-out",
            "structured-sparsity",
            "grid",
            "range",
            "ternary"
        );
        var groups = GroupsOf(word, options);
        var kind = word switch
        {
            "l1" => RegularizationKind.L1,
            "l2" => RegularizationKind.L2,
            "hanson-pratt" => RegularizationKind.HansonPratt,
            "grid" => RegularizationKind.Grid,
            "range" => RegularizationKind.Range,
            "ternary" => RegularizationKind.Ternary,
            _ => RegularizationKind.Groups,
        };
        bool proximal = options.Word("proximal", "false", "true") == "true";
        if (proximal && kind is not (RegularizationKind.L1 or RegularizationKind.L2 or RegularizationKind.Groups))
            throw options.Error("proximal", $"'{word}' has no proximal step; leave 'proximal' out");
        double w0 = word == "hanson-pratt" ? options.Number("w0", 1e-6, 1e6, 1) : 1;
        int bits = kind == RegularizationKind.Grid ? options.Integer("bits", 2, 16) : 0;
        return new(
            kind,
            options.Number("strength", 0, 1e6),
            w0,
            groups,
            BySizeOf(word, options),
            options.Number("warm-up", 0, 1, 0),
            proximal,
            bits
        );
    }

    /// <summary>The strength at a step: it rises to λ in equal parts over the warm-up.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    public double StrengthAt(long step, long steps) => Strength * Math.Min(1, (step + 1) / Math.Max(1, WarmUp * steps));

    private static (GroupKind, double)[] GroupsOf(string kind, TechniqueOptions options) =>
        kind switch
        {
            "group-lasso" => [(Over(options), 1)],
            "drop-neuron-in" => [(GroupKind.Neuron, 1)],
            "drop-neuron-out" => [(GroupKind.Channel, 1)],
            "structured-sparsity" => Structures(options),
            _ => [],
        };

    private static GroupKind Over(TechniqueOptions options) =>
        options.Word("over", "neuron", "channel", "filter", "kernel", "row", "column") switch
        {
            "channel" => GroupKind.Channel,
            "kernel" => GroupKind.Kernel,
            "column" => GroupKind.Column,
            _ => GroupKind.Neuron,
        };

    /// <summary>
    /// From small groups to large ones, the order in which proximal steps of nested groups are exact.
    /// </summary>
    private static (GroupKind, double)[] Structures(TechniqueOptions options)
    {
        (GroupKind Kind, double Factor)[] all =
        [
            (GroupKind.Column, options.Number("shapes", 0, 1e6, 0)),
            (GroupKind.Channel, options.Number("channels", 0, 1e6, 1)),
            (GroupKind.Neuron, options.Number("filters", 0, 1e6, 1)),
            (GroupKind.Layer, options.Number("depth", 0, 1e6, 0)),
        ];
        (GroupKind, double)[] some = [.. all.Where(w => w.Factor > 0)];
        return some.Length > 0
            ? some
            : throw options.Error(null, "needs one of 'filters', 'channels', 'shapes' and 'depth' above 0");
    }

    private static bool BySizeOf(string kind, TechniqueOptions options) =>
        kind switch
        {
            "group-lasso" => options.Word("scale", "group-size", "none") == "group-size",
            "drop-neuron-in" or "drop-neuron-out" or "structured-sparsity" => options.Word(
                "scale",
                "none",
                "group-size"
            ) == "group-size",
            _ => false,
        };
}
