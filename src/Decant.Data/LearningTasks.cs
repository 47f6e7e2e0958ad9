using Decant.Core;

namespace Decant.Data;

/// <summary>The tasks that are known by name, and which of them a source of data is for.</summary>
public static class LearningTasks
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "classification",
        "multi-label",
        "regression",
        "segmentation",
        "detection",
        "restoration",
        "embedding",
        "fidelity",
    ];

    /// <summary>The task of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">The task's options, of the type that <see cref="OptionsOf"/> gives; null for the
    /// defaults.</param>
    /// <exception cref="DataException">There is none, or it has no such options.</exception>
    public static LearningTask Of(string name, object? options = null) =>
        (name, options) switch
        {
            ("classification", null) => new Classification(),
            ("multi-label", null or MultiLabelOptions) => new MultiLabel((MultiLabelOptions?)options),
            ("regression", null) => new Regression(),
            ("segmentation", null or SegmentationOptions) => new Segmentation((SegmentationOptions?)options),
            ("detection", null or DetectionOptions) => new Detection((DetectionOptions?)options),
            ("restoration", null or RestorationOptions) => new Restoration((RestorationOptions?)options),
            ("embedding", null) => new Embedding(),
            ("fidelity", null) => new Fidelity(),
            _ when !Names.Contains(name, StringComparer.Ordinal) => throw new DataException(
                $"no task is called '{name}'; known are {string.Join(", ", Names)}"
            ),
            _ => throw new DataException(
                $"the task '{name}' takes "
                    + (OptionsOf(name) is { } own ? $"{own.Name}, not {options!.GetType().Name}" : "no options")
            ),
        };

    /// <summary>The type of a task's options; null if it has none.</summary>
    public static Type? OptionsOf(string name) =>
        name switch
        {
            "multi-label" => typeof(MultiLabelOptions),
            "segmentation" => typeof(SegmentationOptions),
            "detection" => typeof(DetectionOptions),
            "restoration" => typeof(RestorationOptions),
            _ => null,
        };

    /// <summary>
    /// The task that targets speak of: classification where each example has one class, embedding of scored pairs,
    /// detection of boxes and their classes, segmentation of maps of classes, multi-label of zeros and ones, regression
    /// of other floats in the shape of an output. Else fidelity, which needs no targets. Maps of another size than an
    /// output's are segmentation too, which then refuses them and says both sizes.
    /// </summary>
    public static LearningTask For(Network network, IDataSource data) =>
        Chosen.Select(name => Of(name)).FirstOrDefault(t => t.IsMeantFor(network, data)) ?? new Fidelity();

    /// <summary>Which other tasks fit outputs and targets, to end a refusal with.</summary>
    internal static string Instead(LearningTask refused, Network network, IDataSource data)
    {
        string[] others =
        [
            .. Names
                .Where(n => n != refused.Name)
                .Select(n => Of(n))
                .Where(t => t.IsPossible(network, data))
                .Select(t => t.ComparesWithOriginal ? $"{t.Name} to another network" : t.Name),
        ];
        return others.Length == 0 ? "" : $"; outputs and targets fit {string.Join(", ", others)}";
    }

    // Restoration is regression by its targets.
    private static readonly string[] Chosen =
    [
        "classification",
        "embedding",
        "detection",
        "segmentation",
        "multi-label",
        "regression",
    ];
}
