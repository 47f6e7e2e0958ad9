using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of weights that are small codes and what these stand for: linear, ternary, binary and vector. First
/// what the codes stand for, then whether they are modelled as a codebook's indices are, or written as they are where
/// that is not expected to save anything.
/// </summary>
internal sealed class ScaledModel(FloatModel floats, NumberModel integers)
{
    private const double LeastSaving = 0.02;

    /// <summary>How long the stream was when the codes began.</summary>
    public int AfterScales { get; private set; }

    public Encoding? Code<T>(ref T coder, WeightCodec codec, Encoding? given)
        where T : struct, IBinaryCoder =>
        codec.Kind switch
        {
            WeightKind.Linear => Linear(ref coder, codec, given as LinearEncoding),
            WeightKind.Ternary => Ternary(ref coder, codec, given as TernaryEncoding),
            WeightKind.Vector => Vector(ref coder, codec, given as VectorEncoding),
            _ => Binary(ref coder, codec, given as BinaryEncoding),
        };

    private LinearEncoding? Linear<T>(ref T coder, WeightCodec codec, LinearEncoding? given)
        where T : struct, IBinaryCoder
    {
        int block = 0,
            bits = (int)coder.CodeRaw(given?.Block > 0 ? 0 : (uint)((given?.Bits ?? 0) - 1) & 15, 4) + 1;
        if (bits == 1)
        {
            block = (int)Math.Min(int.MaxValue - 1, integers.Code(ref coder, (ulong)((given?.Block ?? 1) - 1))) + 1;
            bits = (int)coder.CodeRaw((uint)((given?.Bits ?? 0) - 1) & 15, 4) + 1;
        }
        if (bits == 1)
            throw new FileFormatException(
                $"linear codes of {bits} bits do not exist: the file is damaged, or needs a newer Decant"
            );
        int axis =
            (int)Math.Min((ulong)codec.Shape.Rank, integers.Code(ref coder, (ulong)((given?.Axis ?? 0) + 1))) - 1;
        int groups = Groups(codec, axis, block);
        float[] scales = Floats(ref coder, given is null ? default : given.Scales, groups, given is null);
        int[] zeros = new int[coder.CodeRaw(given?.Zeros.Length > 0 ? 1u : 0, 1) * groups];
        for (int i = 0; i < zeros.Length; i++)
            zeros[i] = Signed(ref coder, given?.Zeros[i] ?? 0, 1 << (bits - 1));
        AfterScales = coder.Length;
        if (bits > 8)
        {
            short[] wide = given?.WideCodes.ToArray() ?? new short[codec.Count];
            for (int i = 0; i < wide.Length; i++)
                wide[i] = (short)(
                    (int)(coder.CodeRaw((uint)wide[i] & ((1u << bits) - 1), bits) << (32 - bits)) >> (32 - bits)
                );
            return given is null ? new LinearEncoding(codec.Shape, bits, wide, scales, zeros, axis, block) : null;
        }
        int half = 1 << (bits - 1);
        byte[] symbols = new byte[codec.Count];
        for (int i = 0; given is not null && i < symbols.Length; i++)
            symbols[i] = (byte)(given.Codes[i] + half);
        Symbols(
            ref coder,
            codec,
            symbols,
            bits,
            [.. Enumerable.Range(-half, 2 * half).Select(q => (float)q)],
            given is not null
        );
        return given is null
            ? new LinearEncoding(
                codec.Shape,
                bits,
                Array.ConvertAll(symbols, s => (sbyte)(s - half)),
                scales,
                zeros,
                axis,
                block
            )
            : null;
    }

    private TernaryEncoding? Ternary<T>(ref T coder, WeightCodec codec, TernaryEncoding? given)
        where T : struct, IBinaryCoder
    {
        int groups = Groups(codec, given?.Negative.Length > 1, ref coder);
        float[] negative = Floats(ref coder, given is null ? default : given.Negative, groups, given is null);
        float[] positive = Floats(ref coder, given is null ? default : given.Positive, groups, given is null);
        AfterScales = coder.Length;
        byte[] symbols = new byte[codec.Count];
        for (int i = 0; given is not null && i < symbols.Length; i++)
            symbols[i] = (byte)(given.Signs[i] + 1);
        Symbols(ref coder, codec, symbols, 2, [-1, 0, 1], given is not null);
        return given is null
            ? new TernaryEncoding(codec.Shape, Array.ConvertAll(symbols, s => (sbyte)(s - 1)), negative, positive)
            : null;
    }

    private BinaryEncoding? Binary<T>(ref T coder, WeightCodec codec, BinaryEncoding? given)
        where T : struct, IBinaryCoder
    {
        float[] scales = Floats(
            ref coder,
            given is null ? default : given.Scales,
            Groups(codec, given?.Scales.Length > 1, ref coder),
            given is null
        );
        AfterScales = coder.Length;
        byte[] symbols = new byte[codec.Count];
        for (int i = 0; given is not null && i < symbols.Length; i++)
            symbols[i] = given.IsPositive(i) ? (byte)1 : (byte)0;
        Symbols(ref coder, codec, symbols, 1, [-1, 1], given is not null);
        if (given is not null)
            return null;
        var signs = new byte[BinaryEncoding.BytesOf(symbols.Length)];
        for (int i = 0; i < symbols.Length; i++)
            signs[i / 8] |= (byte)(symbols[i] << i % 8);
        return new BinaryEncoding(codec.Shape, signs, scales);
    }

    private VectorEncoding? Vector<T>(ref T coder, WeightCodec codec, VectorEncoding? given)
        where T : struct, IBinaryCoder
    {
        VectorLayout layout = Layout(ref coder, codec, given?.Layout ?? default);
        float[] codebooks = Floats(
            ref coder,
            given is null ? default : given.Codebooks,
            (int)layout.CodebookElements(codec.Shape),
            given is null
        );
        AfterScales = coder.Length;
        byte[] symbols = given?.Codes.ToArray() ?? new byte[layout.Stages * layout.Vectors(codec.Shape)];
        int bits = Math.Max(1, 32 - int.LeadingZeroCount(layout.Entries - 1));
        Symbols(
            ref coder,
            codec with
            {
                Shape = new Shape(symbols.Length),
            },
            symbols,
            bits,
            [.. Enumerable.Range(0, layout.Entries).Select(q => (float)q)],
            given is not null
        );
        return given is null ? new VectorEncoding(codec.Shape, layout, codebooks, symbols) : null;
    }

    private VectorLayout Layout<T>(ref T coder, WeightCodec codec, VectorLayout given)
        where T : struct, IBinaryCoder
    {
        int length = (int)Math.Min(int.MaxValue, integers.Code(ref coder, (ulong)given.Length));
        int stages = (int)coder.CodeRaw((uint)(given.Stages - 1) & 15, 4) + 1,
            entries = (int)coder.CodeRaw((uint)(given.Entries - 1) & 255, 8) + 1;
        var layout = new VectorLayout(length, stages, entries, coder.CodeRaw(given.PerColumn ? 1u : 0, 1) == 1);
        return layout.Problem(codec.Shape) is { } problem
            ? throw new FileFormatException($"{problem}: the file is damaged")
            : layout;
    }

    /// <summary>Codes symbols of some bits, in place.</summary>
    private static void Symbols<T>(
        ref T coder,
        WeightCodec codec,
        byte[] symbols,
        int bits,
        float[] values,
        bool encode
    )
        where T : struct, IBinaryCoder
    {
        bool modelled = coder.CodeRaw(encode && MayPay(symbols, bits) ? 1u : 0, 1) == 1;
        if (symbols.Length == 0)
            return;
        if (modelled)
        {
            new IndexModel(WeightGrid.Of(codec.Shape), values, 0).Code(
                ref coder,
                [],
                encode ? symbols : [],
                encode ? [] : symbols
            );
            return;
        }
        int together = 16 / bits;
        for (int start = 0; start < symbols.Length; start += together)
        {
            Span<byte> some = symbols.AsSpan(start, Math.Min(together, symbols.Length - start));
            uint word = 0;
            foreach (byte s in some)
                word = word << bits | s;
            word = coder.CodeRaw(word, bits * some.Length);
            for (int i = some.Length - 1; i >= 0; i--, word >>= bits)
                some[i] = (byte)(word & (1u << bits) - 1);
        }
        if (symbols.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)(values.Length - 1)))
            throw new FileFormatException("a code stands for nothing: the file is damaged");
    }

    /// <summary>
    /// Whether symbols vary less than their bits can, by themselves or after what stands before them.
    /// </summary>
    private static bool MayPay(ReadOnlySpan<byte> symbols, int bits)
    {
        int n = 1 << bits;
        var (alone, after) = (new long[n], new long[n * n]);
        byte last = 0;
        foreach (byte s in symbols)
        {
            alone[s]++;
            after[last << bits | s]++;
            last = s;
        }
        double most = symbols.Length * (double)bits * (1 - LeastSaving),
            pairs = 0;
        for (int i = 0; i < n; i++)
            pairs += Entropy(after.AsSpan(i * n, n));
        // Each count that is learnt costs about as many bits as it takes to say.
        return Entropy(alone) < most || pairs + n * (n - 1) / 2.0 * Math.Log2(symbols.Length + 1) < most;
    }

    private static double Entropy(ReadOnlySpan<long> counts)
    {
        double total = 0,
            sum = 0;
        foreach (long c in counts)
            total += c;
        foreach (long c in counts)
            if (c > 0)
                sum -= c * Math.Log2(c / total);
        return sum;
    }

    private float[] Floats<T>(ref T coder, ReadOnlySpan<float> given, int count, bool decode)
        where T : struct, IBinaryCoder
    {
        float[] result = decode ? new float[count] : given.ToArray();
        floats.Code(ref coder, decode ? [] : result, decode ? result : []);
        return result;
    }

    private int Signed<T>(ref T coder, int value, int half)
        where T : struct, IBinaryCoder
    {
        ulong zigzag = integers.Code(ref coder, (uint)(value << 1 ^ value >> 31));
        if (zigzag >= 2ul * (uint)half)
            throw new FileFormatException("a zero point leaves the range of codes: the file is damaged");
        return (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
    }

    private static int Groups<T>(WeightCodec codec, bool many, ref T coder)
        where T : struct, IBinaryCoder => Groups(codec, coder.CodeRaw(many ? 1u : 0, 1) == 1 ? 0 : -1);

    /// <summary>
    /// Scales along an axis, in blocks or not; one where there are no numbers, so that a file cannot ask for many by an
    /// empty shape.
    /// </summary>
    private static int Groups(WeightCodec codec, int axis, int block = 0)
    {
        if (axis >= codec.Shape.Rank || axis >= 0 && codec.Count == 0 || axis < 0 && block > 0)
            throw new FileFormatException(
                $"scales along axis {axis} of shape {codec.Shape}, in blocks of {block}: the file is damaged"
            );
        return (int)LinearEncoding.ScaleShapeOf(codec.Shape, axis, block).Count;
    }
}
