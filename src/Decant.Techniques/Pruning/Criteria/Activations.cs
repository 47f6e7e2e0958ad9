using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>Which operators are activation functions of single numbers.</summary>
internal static class Activations
{
    public static bool Is(Operator op) => op is Relu or LeakyRelu or PRelu or Clip or Elu or Celu or Selu or Sigmoid or HardSigmoid
        or HardSwish or Tanh or Gelu or Mish or Softplus or Softsign or ThresholdedRelu;
}
