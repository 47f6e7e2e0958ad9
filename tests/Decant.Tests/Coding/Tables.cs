using System.Runtime.InteropServices;
using Decant.Coding;
using Decant.Core;

namespace Decant.Tests.Coding;

/// <summary>Tensors of every element type in which more or less repeats.</summary>
internal static class Tables
{
    /// <summary>The names that <see cref="Make"/> takes.</summary>
    public static readonly string[] Patterns =
    [
        "random",
        "constant",
        "periodic",
        "mirrored",
        "ramp",
        "sparse",
        "few",
        "blocks",
        "extreme",
    ];

    /// <summary>Every type that a tensor can have.</summary>
    public static readonly ElementType[] Types =
    [
        .. Enum.GetValues<ElementType>().Where(t => t != ElementType.Unknown),
    ];

    /// <summary>A tensor of a pattern; the same for the same seed.</summary>
    public static Tensor Make(string pattern, ElementType type, Shape shape, ulong seed)
    {
        Rng rng = Rng.For(seed, pattern, (int)type);
        Tensor result = Tensor.Zeros(type, shape);
        int n = result.Count,
            size = type.Size(),
            columns = Math.Max(1, shape.Rank == 0 ? 1 : shape[-1]);
        var values = new ulong[n];
        ulong[] some = [.. Enumerable.Range(0, 11).Select(_ => Element(rng, type))];
        for (int i = 0; i < n; i++)
            values[i] = pattern switch
            {
                "random" => Element(rng, type),
                "constant" => some[0],
                "periodic" => some[i % 7],
                "mirrored" => i % columns > columns / 2
                    ? values[i - 2 * (i % columns) + columns - 1]
                    : Element(rng, type),
                "ramp" => (ulong)(3 * i - 40),
                "sparse" => rng.Next(9) == 0 ? Element(rng, type) : 0,
                "few" => some[rng.Next(some.Length)],
                "blocks" => i >= n / 2 && i % 50 != 49 ? values[i - n / 2] : Element(rng, type),
                "extreme" => rng.Next(4) switch
                {
                    0 => ulong.MaxValue,
                    1 => 1ul << (8 * size - 1),
                    2 => ulong.MaxValue >> (65 - 8 * size),
                    _ => rng.NextBits(),
                },
                _ => throw new ArgumentException(pattern),
            };
        Span<byte> bytes = result.Bytes();
        for (int i = 0; i < n; i++)
            MemoryMarshal.AsBytes<ulong>([values[i]])[..size].CopyTo(bytes[(i * size)..]);
        return result;
    }

    /// <summary>An element of a normal distribution, as bits.</summary>
    private static ulong Element(Rng rng, ElementType type)
    {
        double value = rng.NextNormal();
        return type switch
        {
            ElementType.Float16 => BitConverter.HalfToUInt16Bits((Half)value),
            ElementType.Float32 => BitConverter.SingleToUInt32Bits((float)value),
            ElementType.Float64 => BitConverter.DoubleToUInt64Bits(value),
            ElementType.Bool => value > 0 ? 1u : 0,
            ElementType.UInt4 => (ulong)rng.Next(16),
            ElementType.Int4 => (ulong)(rng.Next(16) - 8),
            _ => (ulong)(long)(value * 30),
        };
    }

    /// <summary>
    /// A Fourier transform's real or imaginary matrix under a Hann window, in floats: rows are frequencies.
    /// </summary>
    public static Tensor Fourier(int size, bool imaginary)
    {
        int rows = size / 2 + 1;
        var values = new float[rows * size];
        for (int k = 0; k < rows; k++)
        for (int i = 0; i < size; i++)
        {
            double angle = 2 * Math.PI * (k * i % size) / size,
                window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / size);
            values[k * size + i] = (float)(imaginary ? -Math.Sin(angle) : Math.Cos(angle)) * (float)window;
        }
        return Tensor.Of(new Shape(rows, 1, size), values);
    }

    /// <summary>
    /// A network whose weights are coded by every method of dense weights: the second transform's after the first.
    /// </summary>
    public static Network Network(int size = 160)
    {
        Weight[] weights =
        [
            new("real", Fourier(size, false)),
            new("few", Make("few", ElementType.Float32, new Shape(100, 90), 1)),
            new("imaginary", Fourier(size, true)),
            new("again", Fourier(size, false)),
            new("indices", Make("blocks", ElementType.Int32, new Shape(60, 50), 2)),
            new("small", Make("blocks", ElementType.Float16, new Shape(40, 30), 3)),
            new("noise", Make("random", ElementType.Float32, new Shape(10, 10), 4)),
            new("codes", Make("periodic", ElementType.UInt8, new Shape(8, 8), 5)),
        ];
        return new Network(
            "tables",
            [],
            [.. weights.Select(w => new ValueInfo(w.Name, new TensorType(w.Encoding.Type, w.Encoding.Shape)))],
            [],
            weights
        );
    }

    /// <summary>The bytes of a section.</summary>
    public static byte[] BytesOf(CodedSection section)
    {
        using var stream = new MemoryStream();
        section.WriteTo(stream);
        return stream.ToArray();
    }
}
