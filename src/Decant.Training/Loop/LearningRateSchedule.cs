namespace Decant.Training;

/// <summary>How the learning rate changes over a training run.</summary>
public enum LearningRateSchedule
{
    /// <summary>From the start value to zero along half a cosine (Loshchilov, Hutter 2017).</summary>
    Cosine,

    /// <summary>Always the start value.</summary>
    Constant,

    /// <summary>From the start value to zero in a straight line.</summary>
    Linear,

    /// <summary>A tenth after half of the steps, a hundredth after three quarters (He et al. 2016).</summary>
    Step,
}
