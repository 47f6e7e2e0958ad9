using Decant.Data;
using Decant.Training;

namespace Decant.Recipes;

/// <summary>The keys of a stage that say how it trains.</summary>
internal static class TrainingKeys
{
    private static readonly string[] NeedEpochs =
    [
        "optimizer",
        "learning-rate",
        "schedule",
        "warm-up",
        "momentum",
        "weight-decay",
        "loss",
        "label-smoothing",
        "mix-up",
        "batch",
        "augment",
    ];

    /// <summary>Reads them; null if the stage has no epochs.</summary>
    /// <exception cref="RecipeException">A value is wrong, or a key is given that has no effect without
    /// epochs.</exception>
    public static TrainingOptions? Read(RecipeMap map)
    {
        int epochs = map.Integer("epochs", 0, 100_000, 0);
        if (epochs == 0)
        {
            foreach (string key in NeedEpochs)
                if (map.Has(key))
                    throw map.Error(key, $"'{key}' has no effect without 'epochs: 1' or more");
            return null;
        }
        var defaults = new TrainingOptions();
        LossKind loss = map.Word("loss", defaults.Loss);
        if (loss != LossKind.CrossEntropy && map.Has("label-smoothing"))
            throw map.Error("label-smoothing", "'label-smoothing' has no effect without 'loss: cross-entropy'");
        return new TrainingOptions
        {
            Epochs = epochs,
            BatchSize = map.Integer("batch", 1, 65_536, defaults.BatchSize),
            Optimizer = map.Word("optimizer", defaults.Optimizer),
            LearningRate = map.Number("learning-rate", 1e-9, 100, defaults.LearningRate),
            Schedule = map.Word("schedule", defaults.Schedule),
            WarmUp = map.Number("warm-up", 0, 1000, 0),
            Momentum = map.Number("momentum", 0, 1, defaults.Momentum),
            WeightDecay = map.Number("weight-decay", 0, 10, 0),
            Loss = loss,
            LabelSmoothing = map.Number("label-smoothing", 0, 0.9, 0),
            MixUp = map.Number("mix-up", 0, 10, 0),
            Augmentation = map.Has("augment") ? ReadAugmentation(map) : Augmentation.None,
        };
    }

    private static Augmentation ReadAugmentation(RecipeMap map)
    {
        RecipeMap augment = map.Map("augment")!;
        var result = new Augmentation
        {
            Shift = augment.Integer("shift", 0, 1000, 0),
            Flip = augment.Text("flip", "false") switch
            {
                "true" => true,
                "false" => false,
                var v => throw augment.Error("flip", $"'flip: {v}' must be true or false"),
            },
            Rotate = augment.Number("rotate", 0, 180, 0),
            Scale = augment.Number("scale", 0, 0.9, 0),
            Elastic =
                augment.Has("elastic-alpha") || augment.Has("elastic-sigma")
                    ? new ElasticDeformation(
                        augment.Number("elastic-alpha", 0, 1000, 0),
                        augment.Number("elastic-sigma", 0.5, 32, 4)
                    )
                    : null,
        };
        augment.EnsureAllKnown();
        return result;
    }
}
