using Decant.Core;

namespace Decant.Data;

/// <summary>A network's outputs as metrics take them: half-precision floats become 32-bit ones.</summary>
internal static class ScoredOutputs
{
    /// <summary>Whether elements of a type are scored as floats.</summary>
    public static bool IsScored(this ElementType type) => type is ElementType.Float32 or ElementType.Float16;

    /// <summary>The outputs, those that need no change as they are.</summary>
    public static IReadOnlyList<Tensor> Of(IReadOnlyList<Tensor> outputs) =>
        outputs.Any(o => o.Type == ElementType.Float16) ? [.. outputs.Select(AsFloats)] : outputs;

    private static Tensor AsFloats(Tensor output) =>
        output.Type == ElementType.Float16
            ? Tensor.Of(output.Shape, Array.ConvertAll(output.Array<Half>(), h => (float)h))
            : output;
}
