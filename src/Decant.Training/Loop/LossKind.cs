namespace Decant.Training;

/// <summary>What is minimized of outputs and labels.</summary>
public enum LossKind
{
    /// <summary>The cross-entropy of softmax(outputs) with the labels.</summary>
    CrossEntropy,

    /// <summary>The mean over images and classes of max(0, 1 − t·y)², t = 1 for the label and −1 for every other class (Tang 2013, arXiv 1306.0239).</summary>
    SquaredHinge,
}
