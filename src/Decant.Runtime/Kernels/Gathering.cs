using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Gather on every element type: blocks of the axes behind are copied.</summary>
internal static class Gather
{
    public static Tensor Run(Operators.Gather op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int axis = x.Shape.Axis(op.Axis),
            extent = x.Shape[axis];
        int[] places = Places.On(extent, inputs[1]!);
        if (result.Count == 0)
            return result;
        int block = checked((int)x.Shape.CountFrom(axis + 1) * x.Type.Size());
        ReadOnlySpan<byte> from = x.Bytes();
        for (Span<byte> to = result.Bytes(); !to.IsEmpty; from = from[(extent * block)..])
            foreach (int place in places)
            {
                from.Slice(place * block, block).CopyTo(to);
                to = to[block..];
            }
        return result;
    }
}

/// <summary>Computes ONNX GatherElements on every element type.</summary>
internal static class GatherElements
{
    public static Tensor Run(Operators.GatherElements op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int[] places = ElementPlaces.Of(x.Shape, inputs[1]!, x.Shape.Axis(op.Axis));
        switch (x.Type.Size())
        {
            case 1:
                Pick<byte>(x, places, result);
                break;
            case 2:
                Pick<ushort>(x, places, result);
                break;
            case 4:
                Pick<uint>(x, places, result);
                break;
            default:
                Pick<ulong>(x, places, result);
                break;
        }
        return result;
    }

    private static void Pick<T>(Tensor x, int[] places, Tensor result)
        where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(x.Bytes());
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.Bytes());
        for (int i = 0; i < places.Length; i++)
            to[i] = from[places[i]];
    }
}

/// <summary>Computes ONNX GatherND on every element type: blocks of the axes behind are copied.</summary>
internal static class GatherND
{
    public static Tensor Run(Operators.GatherND op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            indices = inputs[1]!,
            result = Tensor.Zeros(x.Type, context.Output);
        long[] places = context.Known.Integers(1)
            ?? throw new ModelException($"indices of {indices.Type}; they must be Int32 or Int64");
        int batch = (int)op.BatchDims,
            taken = indices.Shape[-1],
            size = x.Type.Size();
        int[] strides = Strides.Of(x.Shape);
        int block = checked((int)x.Shape.CountFrom(batch + taken) * size),
            whole = (int)x.Shape.CountFrom(batch);
        int perBatch = (int)indices.Shape.CountFrom(batch) / taken;
        Span<byte> to = result.Bytes();
        for (int i = 0; i < places.Length / taken; i++)
        {
            int start = i / perBatch * whole;
            for (int k = 0; k < taken; k++)
                start += Places.Inside(places[i * taken + k], x.Shape[batch + k]) * strides[batch + k];
            x.Bytes().Slice(start * size, block).CopyTo(to[(i * block)..]);
        }
        return result;
    }
}

/// <summary>Computes ONNX ScatterElements on floating-point and integer types.</summary>
internal static class ScatterElements
{
    public static Tensor Run(Operators.ScatterElements op, Tensor?[] inputs, KernelContext context)
    {
        if (inputs[2]!.Type != inputs[0]!.Type)
            throw new ModelException($"data of {inputs[0]!.Type} and updates of {inputs[2]!.Type}; they must agree");
        return inputs[0]!.Type switch
        {
            ElementType.Float32 => Scatter<float>(op, inputs),
            ElementType.Float64 => Scatter<double>(op, inputs),
            ElementType.Int32 => Scatter<int>(op, inputs),
            ElementType.Int64 => Scatter<long>(op, inputs),
            ElementType.Int8 => Scatter<sbyte>(op, inputs),
            ElementType.UInt8 => Scatter<byte>(op, inputs),
            var type => throw new ModelException(
                $"data of {type}; floating-point, 32- and 64-bit signed and 8-bit integer types are possible"
            ),
        };
    }

    private static Tensor Scatter<T>(Operators.ScatterElements op, Tensor?[] inputs)
        where T : unmanaged, INumber<T>
    {
        Tensor result = inputs[0]!.Clone();
        int[] places = ElementPlaces.Of(result.Shape, inputs[1]!, result.Shape.Axis(op.Axis));
        ReadOnlySpan<T> updates = inputs[2]!.Span<T>();
        Span<T> to = result.Span<T>();
        for (int i = 0; i < places.Length; i++)
            to[places[i]] = Combine(op.Reduction, to[places[i]], updates[i]);
        return result;
    }

    private static T Combine<T>(string reduction, T old, T update)
        where T : INumber<T> =>
        reduction switch
        {
            "add" => unchecked(old + update),
            "mul" => unchecked(old * update),
            "max" => T.Max(old, update),
            "min" => T.Min(old, update),
            _ => update,
        };
}

/// <summary>Computes ONNX OneHot: indices of any numeric type, values of any.</summary>
internal static class OneHot
{
    public static Tensor Run(Operators.OneHot op, Tensor?[] inputs, KernelContext context)
    {
        Tensor values = inputs[2]!,
            result = Tensor.Zeros(values.Type, context.Output);
        if (values.Count != 2)
            throw new ModelException($"values of shape {values.Shape}; they must be two values, off and on");
        double[] indices = context.Known.Doubles(0)
            ?? throw new ModelException($"indices of {inputs[0]!.Type}; they must be numeric");
        int axis = op.Axis(inputs[0]!.Shape),
            depth = context.Output[axis],
            inner = (int)context.Output.CountFrom(axis + 1);
        switch (values.Type.Size())
        {
            case 1:
                Fill<byte>(values, indices, depth, inner, result);
                break;
            case 2:
                Fill<ushort>(values, indices, depth, inner, result);
                break;
            case 4:
                Fill<uint>(values, indices, depth, inner, result);
                break;
            default:
                Fill<ulong>(values, indices, depth, inner, result);
                break;
        }
        return result;
    }

    private static void Fill<T>(Tensor values, double[] indices, int depth, int inner, Tensor result)
        where T : unmanaged
    {
        ReadOnlySpan<T> offOn = MemoryMarshal.Cast<byte, T>(values.Bytes());
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.Bytes());
        to.Fill(offOn[0]);
        for (int i = 0; i < indices.Length; i++)
        {
            double index = indices[i] < 0 ? indices[i] + depth : indices[i];
            if (index >= 0 && index < depth)
                to[(i / inner * depth + (int)index) * inner + i % inner] = offOn[1];
        }
    }
}

/// <summary>Computes ONNX NonZero on every element type.</summary>
internal static class NonZero
{
    public static Tensor Run(Operators.NonZero op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(ElementType.Int64, context.Output);
        Span<long> to = result.Span<long>();
        int[] strides = Strides.Of(x.Shape);
        int column = 0,
            columns = context.Output[1];
        foreach (int place in Operators.NonZero.Places(x))
        {
            for (int axis = 0; axis < strides.Length; axis++)
                to[axis * columns + column] = place / strides[axis] % x.Shape[axis];
            column++;
        }
        return result;
    }
}
