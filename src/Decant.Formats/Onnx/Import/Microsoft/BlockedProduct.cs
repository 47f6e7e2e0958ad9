using Decant.Core;

namespace Decant.Formats.Onnx.Import.Microsoft;

/// <summary>
/// MatMulNBits: A times a weight of 4 or 8 bits in blocks along its inputs, each with a scale and a zero point. The
/// file has a row of blocks for each output; the network has a weight whose outputs lie along its last axis.
/// </summary>
internal static class BlockedProduct
{
    /// <summary>
    /// Inputs A, B as [N, blocks, bytes], the scales and zero points of the blocks, an order of inputs, a bias.
    /// </summary>
    public static void MatMulNBits(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("K", "N", "accuracy_level", "bits", "block_size");
        if (l.Has(4))
            throw new ModelException("an order of inputs (g_idx) is not supported");
        var layout = new Layout(
            attributes.Int32("N"),
            attributes.Int32("K"),
            attributes.Int32("bits", 4),
            attributes.Int32("block_size")
        );
        string weight = l.Make(
            "DequantizeLinear",
            new Attributes(("axis", 0L), ("block_size", (long)layout.Block)),
            l.Weight("codes", Codes(layout, Bytes(l, 1, (long)layout.N * layout.Blocks * layout.BlockBytes))),
            l.Weight("scales", Scales(layout, l.Constant(2))),
            l.Weight("zeros", Zeros(layout, l))
        );
        string product = l.Make("MatMul", l.Node.Input(0), weight);
        l.Finish(l.Has(5) ? l.Make("Add", product, l.Node.Input(5)) : product);
    }

    private static byte[] Bytes(Lowering l, int input, long count) =>
        l.Constant(input) is { Type: ElementType.UInt8 } tensor && tensor.Count == count
            ? tensor.Array<byte>()
            : throw new ModelException($"input {input} is not a constant of {count} bytes, as its sizes ask for");

    private static Tensor Codes(Layout layout, byte[] bytes)
    {
        var codes = new byte[layout.K * layout.N];
        for (int n = 0; n < layout.N; n++)
        for (int k = 0; k < layout.K; k++)
        {
            int start = (n * layout.Blocks + k / layout.Block) * layout.BlockBytes;
            codes[k * layout.N + n] = layout.Code(bytes.AsSpan(start), k % layout.Block);
        }
        return Tensor.Of(layout.Type, new Shape(layout.K, layout.N), codes);
    }

    private static Tensor Scales(Layout layout, Tensor? given)
    {
        if (given is not { Type: ElementType.Float32 } || given.Count != layout.N * layout.Blocks)
            throw new ModelException($"its scales are not {layout.N} times {layout.Blocks} constant floats");
        float[] scales = given.Array<float>(),
            turned = new float[scales.Length];
        for (int n = 0; n < layout.N; n++)
        for (int b = 0; b < layout.Blocks; b++)
            turned[b * layout.N + n] = scales[n * layout.Blocks + b];
        return Tensor.Of(new Shape(layout.Blocks, layout.N), turned);
    }

    private static Tensor Zeros(Layout layout, Lowering l)
    {
        var zeros = new byte[layout.N * layout.Blocks];
        Array.Fill(zeros, (byte)(1 << (layout.Bits - 1)));
        if (l.Has(3))
        {
            int row = (layout.Blocks * layout.Bits + 7) / 8;
            byte[] bytes = Bytes(l, 3, (long)layout.N * row);
            for (int n = 0; n < layout.N; n++)
            for (int b = 0; b < layout.Blocks; b++)
                zeros[b * layout.N + n] = layout.Code(bytes.AsSpan(n * row), b);
        }
        return Tensor.Of(layout.Type, new Shape(layout.Blocks, layout.N), zeros);
    }

    /// <summary>How the codes of a weight lie in bytes.</summary>
    private sealed record Layout
    {
        public Layout(int n, int k, int bits, int block)
        {
            if (bits is not (4 or 8))
                throw new ModelException($"weights of {bits} bits are not supported; supported are 4 and 8");
            if (n < 1 || k < 1 || block < 2 || block % 2 != 0 || (long)n * (k + (long)block) > int.MaxValue)
                throw new ModelException($"a weight of {k} by {n} in blocks of {block} is not possible");
            (N, K, Bits, Block) = (n, k, bits, block);
        }

        public int N { get; }

        public int K { get; }

        public int Bits { get; }

        public int Block { get; }

        public int Blocks => (K - 1) / Block + 1;

        public int BlockBytes => Block * Bits / 8;

        public ElementType Type => Bits == 4 ? ElementType.UInt4 : ElementType.UInt8;

        /// <summary>The code at a place; of 4 bits, the first of a byte are its low ones.</summary>
        public byte Code(ReadOnlySpan<byte> bytes, int place) =>
            Bits == 8 ? bytes[place] : (byte)(bytes[place / 2] >> (place % 2 * 4) & 0xF);
    }
}
