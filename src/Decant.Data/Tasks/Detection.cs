using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Objects in images, by boxes: what a network finds is read from its outputs (<see cref="DetectionOptions"/>), and the
/// objects that are there are two targets, <see cref="BoxesTarget"/> and <see cref="ClassesTarget"/>.
/// </summary>
/// <remarks>
/// Outputs are, N counting images, before non-maximum suppression: boxes N×B×4 and scores N×B×classes; rows
/// N×B×(5+classes) (box, objectness, scores) or columns N×(4+classes)×B (box, scores). Or after it: boxes
/// N×K×4, labels N×K and scores N×K, or without N for one image; rows N×K×6 (box, score, class), N×K×7 (box,
/// objectness, score, class), K×7 (image, box, class, score) or 1×1×K×7 (image, class, score, box). Boxes of
/// targets are in the unit of the network's boxes, and classes are counted as the network counts them.
/// </remarks>
/// <param name="options">How outputs are read; null for the defaults.</param>
/// <exception cref="OptionsException">An option is out of its range.</exception>
public sealed class Detection(DetectionOptions? options = null) : LearningTask
{
    /// <summary>The name of the target of boxes: floats, N×M×4, corners left, top, right, bottom.</summary>
    public const string BoxesTarget = "boxes";

    /// <summary>The name of the target of classes: integers, N×M, negative where an image has fewer objects.</summary>
    public const string ClassesTarget = "classes";

    /// <summary>The options.</summary>
    public DetectionOptions Options { get; } = (options ?? new()).Checked();

    /// <inheritdoc/>
    public override string Name => "detection";

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    /// <remarks>COCO's mean average precision, and that at an intersection over union of 0.5.</remarks>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data)
    {
        var outputs = new DetectionOutputs(DetectionLayout.Of(network)!, Options);
        (int boxes, int classes) = (TargetOf(data, BoxesTarget), TargetOf(data, ClassesTarget));
        return
        [
            new BoxAveragePrecision("mAP@[.5:.95]", BoxAveragePrecision.Coco, outputs, boxes, classes),
            new BoxAveragePrecision("mAP@50", [0.5], outputs, boxes, classes),
        ];
    }

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data)
    {
        DataField? boxes = data.Targets.ElementAtOrDefault(TargetOf(data, BoxesTarget)),
            classes = data.Targets.ElementAtOrDefault(TargetOf(data, ClassesTarget));
        if (
            boxes is not { Shape: { Rank: 2, IsKnown: true } box }
            || box[1] != 4
            || !boxes.Type.IsFloat()
            || classes is not { Shape.Rank: 1 }
            || classes.Shape[0] != box[0]
            || !classes.Type.IsInteger()
        )
            return TaskOutputs.Needs(
                this,
                $"'{BoxesTarget}', floats N×objects×4, and '{ClassesTarget}', integers N×objects",
                data
            );
        return DetectionLayout.Of(network) is null ? TaskOutputs.Needs(this, DetectionLayout.Known, network) : null;
    }

    private protected override int BatchSizeFor(Network network) =>
        DetectionLayout.Of(network) is { } layout && layout.IsOfOneImage(network) ? 1 : BatchSize;

    private protected override IReadOnlyList<Tensor> Scored(
        Network network,
        IReadOnlyList<Tensor> outputs,
        FedBatch batch
    ) => outputs;

    private static int TargetOf(IDataSource data, string name) =>
        Array.FindIndex([.. data.Targets], t => t.Name == name);
}
