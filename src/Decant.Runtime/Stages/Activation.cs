namespace Decant.Runtime.Stages;

/// <summary>The functions of recurrent gates, by ONNX's names.</summary>
internal enum Activation
{
    /// <summary>1/(1 + e^-x).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x where it is positive, else 0.</summary>
    Relu,
}
