namespace Decant.Torch;

/// <summary>Maps .NET element types to <see cref="TorchType"/>.</summary>
internal static class ElementType
{
    public static TorchType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return TorchType.Float32;
        if (typeof(T) == typeof(double))
            return TorchType.Float64;
        if (typeof(T) == typeof(Half))
            return TorchType.Float16;
        if (typeof(T) == typeof(long))
            return TorchType.Int64;
        if (typeof(T) == typeof(int))
            return TorchType.Int32;
        if (typeof(T) == typeof(short))
            return TorchType.Int16;
        if (typeof(T) == typeof(sbyte))
            return TorchType.SByte;
        if (typeof(T) == typeof(byte))
            return TorchType.Byte;
        if (typeof(T) == typeof(bool))
            return TorchType.Boolean;
        throw new NotSupportedException(
            $"a tensor cannot hold {typeof(T).Name}: use float, double, Half, long, int, short, sbyte, byte or bool"
        );
    }
}
