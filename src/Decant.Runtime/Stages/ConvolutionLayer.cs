using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>
/// A convolution over images as a plan has it: where it reads and writes, its window, and what follows its sums.
/// </summary>
/// <param name="Name">The node.</param>
/// <param name="Input">What it reads, with a border at least as wide as its padding.</param>
/// <param name="Output">What it writes.</param>
/// <param name="Residual">What is added to its sums; null for nothing.</param>
/// <param name="Window">Its window.</param>
/// <param name="Low">The least output.</param>
/// <param name="High">The greatest output.</param>
/// <param name="Macs">Multiply-accumulates.</param>
internal sealed record ConvolutionLayer(
    string Name,
    ImageView Input,
    ImageView Output,
    ImageView? Residual,
    ImageWindow Window,
    float Low,
    float High,
    long Macs
)
{
    /// <summary>The buffers it uses.</summary>
    public IEnumerable<PlanBuffer> Buffers =>
        Residual is null ? [Input.Buffer, Output.Buffer] : [Input.Buffer, Output.Buffer, Residual.Buffer];
}

/// <summary>A fully connected layer of a plan: y = x·Wᵀ + bias, clamped.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">Rows of inputs, one after another.</param>
/// <param name="Output">Rows of outputs, one after another.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Depth">Inputs in a row.</param>
/// <param name="Outputs">Outputs in a row.</param>
/// <param name="Low">The least output.</param>
/// <param name="High">The greatest output.</param>
internal sealed record LinearLayer(
    string Name,
    PlanBuffer Input,
    PlanBuffer Output,
    int Rows,
    int Depth,
    int Outputs,
    float Low,
    float High
)
{
    /// <summary>Multiply-accumulates.</summary>
    public long Macs => (long)Rows * Depth * Outputs;
}

/// <summary>A pooling layer of a plan.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Output">What it writes.</param>
/// <param name="Window">Its window.</param>
/// <param name="Mean">Whether it takes the mean; else the maximum.</param>
/// <param name="CountPadding">Whether padding counts in a mean.</param>
internal sealed record PoolLayer(
    string Name,
    ImageView Input,
    ImageView Output,
    ImageWindow Window,
    bool Mean,
    bool CountPadding
);

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
