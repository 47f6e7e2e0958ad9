using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A layer that computes each row of a value in ONNX's order from that row.</summary>
/// <param name="Input">The value.</param>
/// <param name="Output">The result, of the same size.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Count">Numbers in a row.</param>
internal sealed record RowLayer(PlanBuffer Input, PlanBuffer Output, int Rows, int Count);
