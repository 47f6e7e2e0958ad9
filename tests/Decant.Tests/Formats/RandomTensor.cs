using Decant.Core;

namespace Decant.Tests.Formats;

/// <summary>Tensors of random bits, valid for their type.</summary>
internal static class RandomTensor
{
    public static Tensor Of(ElementType type, Shape shape, ulong seed)
    {
        var rng = new Rng(seed);
        Tensor tensor = Tensor.Zeros(type, shape);
        foreach (ref byte b in tensor.Bytes())
            b = type switch
            {
                ElementType.Bool => (byte)rng.Next(2),
                ElementType.UInt4 => (byte)rng.Next(16),
                ElementType.Int4 => (byte)(rng.Next(16) - 8),
                _ => (byte)rng.Next(256),
            };
        return tensor;
    }
}
