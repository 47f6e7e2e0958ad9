using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Counts how many elements of tensors repeat an earlier one: whether the element model is worth its time. Only an
/// encoder asks.
/// </summary>
internal sealed class RepeatedElements
{
    private const int MaxSample = 1 << 20,
        LeastCount = 16,
        Places = 16;

    /// <summary>The least share of repeated elements of floats at which the model is tried.</summary>
    private const double LeastShare = 0.03;

    /// <summary>
    /// What an element is changed by to tell how many are met by chance: among many seen before, some differ by this.
    /// </summary>
    private const ulong LowBits = 0x55;

    /// <summary>The share from which a sample of a large tensor says little of the whole.</summary>
    private const double SureShare = 0.3;

    /// <summary>How many elements tell whether the model is worth its time.</summary>
    public const int TrialCount = 1 << 15;

    private readonly Dictionary<ElementType, HashSet<ulong>> seen = [];

    /// <summary>Whether a tensor's elements are to be tried: floats of 32 and 64 bits if enough repeat, others if there
    /// are enough.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="isSure">Whether so much of it repeats, more values than a codebook has, that a sample need not be
    /// tried first.</param>
    public bool MayPay(Tensor tensor, out bool isSure)
    {
        isSure = false;
        if (tensor.Type is not (ElementType.Float32 or ElementType.Float64))
            return tensor.Count >= LeastCount;
        if (!seen.TryGetValue(tensor.Type, out HashSet<ulong>? known))
            seen[tensor.Type] = known = [];
        var format = ElementFormat.Of(tensor.Type);
        int sample = Math.Min(tensor.Count, MaxSample),
            piece = Math.Max(1, sample / Places),
            skipped = (tensor.Count - sample) / Places,
            repeated = 0,
            chance = 0;
        ReadOnlySpan<byte> bytes = tensor.Bytes();
        for (int i = 0; i < sample; i++)
        {
            int at = i + Math.Min(Places, i / piece) * skipped;
            ulong magnitude = format.Read(bytes, at) & format.MagnitudeMask;
            chance += known.Contains(magnitude ^ LowBits) ? 1 : 0;
            repeated += known.Add(magnitude) ? 0 : 1;
        }
        repeated -= chance;
        isSure =
            tensor.Count <= MaxSample
            && repeated > SureShare * sample
            && sample - repeated > CodebookEncoding.MaxEntries;
        return repeated > LeastShare * sample;
    }

    /// <summary>About <see cref="TrialCount"/> elements of a larger tensor: rows from several places of it.</summary>
    public static Tensor SampleOf(Tensor tensor)
    {
        int[] dims = [.. tensor.Shape.Dims];
        int row = tensor.Count / Math.Max(1, dims[0]);
        if (row > TrialCount / Places)
            (dims, row) = ([tensor.Count], 1);
        int rows = TrialCount / Places / row,
            step = dims[0] / Places;
        dims[0] = Places * rows;
        Tensor result = Tensor.Zeros(tensor.Type, new Shape(dims));
        int bytes = rows * row * tensor.Type.Size();
        for (int i = 0; i < Places; i++)
            tensor
                .Bytes()
                .Slice(i * step * row * tensor.Type.Size(), bytes)
                .CopyTo(result.Bytes().Slice(i * bytes, bytes));
        return result;
    }

    /// <summary>
    /// A dense tensor of floats as a codebook of its distinct values, bit for bit, a zero apart if it has one; null if
    /// there are more than 256.
    /// </summary>
    public static CodebookEncoding? AsCodebook(Tensor tensor)
    {
        if (tensor.Type != ElementType.Float32 || tensor.Count == 0)
            return null;
        ReadOnlySpan<float> values = tensor.Span<float>();
        var index = new Dictionary<uint, byte>();
        int zeros = values.Count(0f),
            negative = 0;
        foreach (float v in values)
            negative += BitConverter.SingleToUInt32Bits(v) == 1u << 31 ? 1 : 0;
        // Of two kinds of zero the more frequent one is apart.
        if (zeros > 0)
            index[2 * negative > zeros ? 1u << 31 : 0] = 0;
        var indices = new byte[values.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[i]);
            if (!index.TryGetValue(bits, out byte at))
            {
                if (index.Count == 256)
                    return null;
                index[bits] = at = (byte)index.Count;
            }
            indices[i] = at;
        }
        float[] book = [.. index.OrderBy(e => e.Value).Select(e => BitConverter.UInt32BitsToSingle(e.Key))];
        return new CodebookEncoding(tensor.Shape, book, indices, zeros > 0);
    }
}
