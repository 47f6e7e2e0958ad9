using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// A codebook in the one order that files have: rising, by the order of the floats' bits (-0 before 0), so that a file does not
/// depend on how the entries were numbered. A zero apart stays entry 0.
/// </summary>
internal sealed class SortedCodebook
{
    private readonly byte[] map;

    public SortedCodebook(CodebookEncoding encoding)
    {
        int fixedEntries = encoding.ZeroApart ? 1 : 0, n = encoding.Codebook.Length;
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        float[] values = encoding.Codebook.ToArray();
        Array.Sort(order, fixedEntries, n - fixedEntries, Comparer<int>.Create((a, b) =>
            (FloatOrder.KeyOf(values[a]), a).CompareTo((FloatOrder.KeyOf(values[b]), b))));
        map = new byte[n];
        Values = new float[n];
        for (int i = 0; i < n; i++) (Values[i], map[order[i]]) = (values[order[i]], (byte)i);
    }

    /// <summary>The entries in order.</summary>
    public float[] Values { get; }

    /// <summary>Indices into <see cref="Values"/> of an encoding's indices.</summary>
    public byte[] Indices(ReadOnlySpan<byte> indices)
    {
        var result = new byte[indices.Length];
        for (int i = 0; i < result.Length; i++) result[i] = map[indices[i]];
        return result;
    }
}
