using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ScatterElements on floating-point and integer types.</summary>
internal static class ScatterElements
{
    public static Tensor Run(Operators.ScatterElements op, Tensor?[] inputs, KernelContext context)
    {
        if (inputs[2]!.Type != inputs[0]!.Type) throw new ModelException($"data of {inputs[0]!.Type} and updates of {inputs[2]!.Type}; they must agree");
        return inputs[0]!.Type switch
        {
            ElementType.Float32 => Scatter<float>(op, inputs),
            ElementType.Float64 => Scatter<double>(op, inputs),
            ElementType.Int32 => Scatter<int>(op, inputs),
            ElementType.Int64 => Scatter<long>(op, inputs),
            ElementType.Int8 => Scatter<sbyte>(op, inputs),
            ElementType.UInt8 => Scatter<byte>(op, inputs),
            var type => throw new ModelException($"data of {type}; floating-point, 32- and 64-bit signed and 8-bit integer types are possible"),
        };
    }

    private static Tensor Scatter<T>(Operators.ScatterElements op, Tensor?[] inputs) where T : unmanaged, INumber<T>
    {
        Tensor result = inputs[0]!.Clone();
        int[] places = ElementPlaces.Of(result.Shape, inputs[1]!, result.Shape.Axis(op.Axis));
        ReadOnlySpan<T> updates = inputs[2]!.Span<T>();
        Span<T> to = result.Span<T>();
        for (int i = 0; i < places.Length; i++) to[places[i]] = Combine(op.Reduction, to[places[i]], updates[i]);
        return result;
    }

    private static T Combine<T>(string reduction, T old, T update) where T : INumber<T> => reduction switch
    {
        "add" => unchecked(old + update),
        "mul" => unchecked(old * update),
        "max" => T.Max(old, update),
        "min" => T.Min(old, update),
        _ => update,
    };
}
