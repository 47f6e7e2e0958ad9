using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A fully connected layer of a plan: y = x·Wᵀ + bias, clamped.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">Rows of inputs, one after another.</param>
/// <param name="Output">Rows of outputs, one after another.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Depth">Inputs in a row.</param>
/// <param name="Outputs">Outputs in a row.</param>
/// <param name="Low">The least output.</param>
/// <param name="High">The greatest output.</param>
internal sealed record LinearLayer(string Name, PlanBuffer Input, PlanBuffer Output, int Rows, int Depth, int Outputs, float Low, float High)
{
    /// <summary>Multiply-accumulates.</summary>
    public long Macs => (long)Rows * Depth * Outputs;
}
