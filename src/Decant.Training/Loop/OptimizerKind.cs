namespace Decant.Training;

/// <summary>The rule by which gradients change parameters.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma, Ba 2015); weight decay is decoupled (Loshchilov, Hutter 2019).</summary>
    Adam,

    /// <summary>Stochastic gradient descent with Nesterov momentum.</summary>
    Sgd,
}
