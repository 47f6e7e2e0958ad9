using System.Numerics;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of the elements of dense tensors of one type, exact to the bit, for those that repeat: magnitudes
/// from the top bit down, then signs. It mixes what followed in each of several contexts (the elements to the left,
/// above and in the channel before; the column; how large those are) with what stood after, or mirrored before, earlier
/// occurrences of the last elements. Low bits that nothing predicts are left as they are.
/// </summary>
internal sealed class ElementModel
{
    private const int Contexts = 6,
        Copies = 5,
        HeadBits = 16,
        IntegerHeadBits = 63,
        PrefixCopy = 2,
        ColumnCopy = 3,
        RampCopy = 4,
        TailStep = 4,
        Limit = 255,
        HeirTrust = 2,
        SureLength = 20;

    private readonly ElementFormat format;
    private readonly ElementHistory history;
    private readonly Follower forward,
        mirrored;
    private readonly ContextTable table;
    private readonly ulong[] hashes = new ulong[Contexts];
    private readonly int[] blocks = new int[Contexts];
    private readonly SignModel signs;
    private readonly CopyModel copies = new(Copies);
    private readonly int[] last;
    private readonly uint[] sure = Unseen(2 * Follower.Trusts);
    private readonly Mixer heads = new(3 * 64, 8000, 40, 20);
    private int[] lags = [];

    /// <summary>A model of tensors of a type, of so many elements in all.</summary>
    public ElementModel(ElementType type, long elements)
    {
        format = ElementFormat.Of(type);
        history = new ElementHistory(elements, format);
        (forward, mirrored) = (new Follower(history, false), new Follower(history, true));
        signs = new SignModel(format, forward, mirrored);
        table = new ContextTable(Math.Min(elements, 1 << 24) * Contexts * format.Size);
        last = new int[4 * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(elements, 16, 1 << 20))];
    }

    /// <summary>Codes a tensor's elements: reads them when encoding, else fills them in.</summary>
    public void Code<T>(ref T coder, Tensor tensor, bool encode)
        where T : struct, IBinaryCoder
    {
        Span<byte> bytes = tensor.Bytes();
        int count = tensor.Count;
        var (top, zeros) = encode ? Range(bytes, count) : default;
        top = Math.Min((int)coder.CodeRaw((uint)top, 7), BitOperations.PopCount(format.MagnitudeMask));
        zeros = Math.Min((int)coder.CodeRaw((uint)zeros, 7), top);
        var grid = WeightGrid.Of(tensor.Shape);
        int columns = Math.Max(1, grid.Columns),
            near = grid.Cells > 1 ? grid.Cells : columns;
        if (lags.Length != columns)
            lags = new int[Math.Min(columns, ElementHistory.MaxWindow)];
        Array.Clear(lags);
        int start = history.Count;
        for (int i = 0; i < count; i++)
        {
            int column = i % columns;
            Surroundings around = new(
                At(i, 1, start),
                At(i, 2, start),
                At(i, columns, start),
                At(i, near, start),
                columns < count ? column : i % near
            );
            Seek(column);
            ulong key = CodeKey(ref coder, encode ? format.Read(bytes, i) : 0, around, top, zeros);
            if (!encode)
                format.Write(bytes, i, key);
            Learn(key, column);
        }
    }

    private ulong At(int i, int back, int start) => i >= back ? history[start + i - back] : 0;

    /// <summary>How many bits magnitudes have at most, and how many low ones are zero in all.</summary>
    private (int Top, int Zeros) Range(ReadOnlySpan<byte> bytes, int count)
    {
        ulong any = 0;
        for (int i = 0; i < count; i++)
            any |= format.Read(bytes, i) & format.MagnitudeMask;
        return any == 0 ? (0, 0) : (64 - BitOperations.LeadingZeroCount(any), BitOperations.TrailingZeroCount(any));
    }

    private void Seek(int column)
    {
        forward.Seek();
        mirrored.Seek();
        if (!mirrored.IsOn && column < lags.Length && lags[column] != 0)
            mirrored.Follow(history.Count + lags[column]);
    }

    private void Learn(ulong key, int column)
    {
        if (column < lags.Length)
            lags[column] = mirrored.IsOn && history.AreAlike(mirrored.Key, key) ? mirrored.Distance : 0;
        history.Add(key);
        forward.Learn(key);
        mirrored.Learn(key);
    }

    private ulong CodeKey<T>(ref T coder, ulong key, in Surroundings around, int top, int zeros)
        where T : struct, IBinaryCoder
    {
        ulong mask = format.MagnitudeMask;
        copies.Clear();
        copies.Offer(0, forward.IsOn, forward.Key & mask, forward.Trust);
        copies.Offer(1, mirrored.IsOn, mirrored.Key & mask, mirrored.Trust);
        if (!format.IsFloat)
            copies.Offer(RampCopy, true, format.Extrapolate(around.Left2, around.Left), 0);
        ulong magnitude = 0;
        Follower sureOne = mirrored.Length > forward.Length ? mirrored : forward;
        bool hit = false;
        if (sureOne.IsOn && sureOne.Length >= SureLength)
        {
            ref uint state = ref sure[sureOne.Trust];
            ulong expected = sureOne.Key & mask;
            hit = AdaptiveBit.Code(ref coder, (key & mask) == expected ? 1 : 0, ref state, Limit) == 1;
            magnitude = expected;
            if (!hit)
                copies.Exclude(expected);
        }
        if (!hit)
            magnitude = CodeMagnitude(ref coder, key & mask, around, top, zeros);
        return format.IsFloat ? signs.Code(ref coder, key, magnitude, around) : magnitude;
    }

    private ulong CodeMagnitude<T>(ref T coder, ulong given, in Surroundings around, int top, int zeros)
        where T : struct, IBinaryCoder
    {
        int width = top - zeros,
            head = Math.Min(width, format.IsFloat ? HeadBits : IntegerHeadBits);
        SetHashes(around);
        ulong prefix = 1;
        int left = top;
        for (int depth = 0; depth < head; depth++)
        {
            left--;
            int bit = CodeHead(ref coder, (int)(given >> left & 1), prefix, depth, left);
            prefix = prefix << 1 | (uint)bit;
        }
        ulong magnitude = (prefix ^ 1ul << head) << left;
        if (left > zeros)
            magnitude = CodeTail(ref coder, given, prefix, magnitude, around.Column, left, zeros);
        copies.Learn(magnitude);
        return magnitude;
    }

    /// <summary>The low bits: as in the last element that began so, anywhere or in this column; else raw.</summary>
    private ulong CodeTail<T>(ref T coder, ulong given, ulong prefix, ulong magnitude, int column, int left, int zeros)
        where T : struct, IBinaryCoder
    {
        ref int inColumn = ref Last(prefix, (ulong)column + 1);
        Offer(ColumnCopy, inColumn - 1);
        inColumn = history.Count + 1;
        copies.Narrow(magnitude, left);
        while (left > zeros)
        {
            ref int anywhere = ref Last(magnitude >> left, (ulong)left << 32);
            if (!copies.Any)
            {
                Offer(PrefixCopy, anywhere - 1);
                copies.Narrow(magnitude, left);
            }
            anywhere = history.Count + 1;
            int end = Math.Max(zeros, left - TailStep);
            while (left > end)
            {
                bool predicted = copies.Any;
                int n = predicted ? 1 : left - end;
                left -= n;
                uint bits = (uint)(given >> left) & (1u << n) - 1;
                bits = predicted ? (uint)copies.Code(ref coder, (int)bits, left) : coder.CodeRaw(bits, n);
                magnitude |= (ulong)bits << left;
            }
        }
        return magnitude;
    }

    /// <summary>One more than where an element stood last that began with some bits, in some context; 0 for
    /// none.</summary>
    private ref int Last(ulong bits, ulong context) =>
        ref last[(int)(ElementHistory.Hash(bits, context, 1) >> 40) & (last.Length - 1)];

    private void Offer(int copy, int position)
    {
        if (history.Holds(position))
            copies.Offer(copy, true, history[position] & format.MagnitudeMask, 0);
    }

    private void SetHashes(in Surroundings a)
    {
        hashes[0] = 1;
        hashes[1] = ElementHistory.Hash(1, a.Left, 0);
        hashes[2] = ElementHistory.Hash(2, a.Above, 0);
        hashes[3] = ElementHistory.Hash(3, (ulong)a.Column, 0);
        hashes[4] = ElementHistory.Hash(
            4,
            (ulong)format.LevelOf(a.Left),
            (ulong)format.LevelOf(a.Above) << 12 | (uint)format.LevelOf(a.Near)
        );
        hashes[5] = a.Near == a.Above ? ElementHistory.Hash(5, a.Left, a.Left2) : ElementHistory.Hash(6, a.Near, 0);
    }

    private int CodeHead<T>(ref T coder, int bit, ulong prefix, int depth, int left)
        where T : struct, IBinaryCoder
    {
        int node = 1;
        if (depth % 4 == 0)
            for (int i = 0; i < Contexts; i++)
                blocks[i] = table.Find(ElementHistory.Hash(hashes[i], prefix, (ulong)depth));
        else
            node = (int)(prefix & (1ul << depth % 4) - 1) | 1 << depth % 4;
        uint[] states = table.States;
        int[] x = heads.Inputs;
        ref uint root = ref states[blocks[0] + node];
        if (root == 0)
            root = AdaptiveBit.Unseen;
        x[0] = Logistic.Stretch(AdaptiveBit.Probability(root));
        for (int i = 1; i < Contexts; i++)
        {
            ref uint state = ref states[blocks[i] + node];
            if (state == 0)
                state = AdaptiveBit.Of(AdaptiveBit.Probability(root), HeirTrust);
            x[i] = Logistic.Stretch(AdaptiveBit.Probability(state));
        }
        x[6] = copies.Predict(0, left);
        int other = mirrored.IsOn ? 1 : RampCopy;
        x[7] = copies.Predict(other, left);
        int trust =
            x[6] == 0 && x[7] == 0 ? 0
            : Math.Max(Math.Abs(x[6]), Math.Abs(x[7])) < 768 ? 1
            : 2;
        bit = coder.Code(bit, heads.Mix(trust * 64 + depth));
        heads.Update(bit);
        for (int i = 0; i < Contexts; i++)
            AdaptiveBit.Update(ref states[blocks[i] + node], bit, i == 0 ? AdaptiveBit.MaxLimit : Limit);
        copies.Update(0, bit, left);
        copies.Update(1, bit, left);
        copies.Update(RampCopy, bit, left);
        return bit;
    }

    private static uint[] Unseen(int count)
    {
        var states = new uint[count];
        Array.Fill(states, AdaptiveBit.Unseen);
        return states;
    }
}

/// <summary>What stands around an element: keys, 0 where there is none.</summary>
/// <param name="Left">The element before.</param>
/// <param name="Left2">The one before that.</param>
/// <param name="Above">The one a row above.</param>
/// <param name="Near">The same kernel cell in the channel before; in a matrix the one above.</param>
/// <param name="Column">The place in the row; in a single row the place in the last axis.</param>
internal readonly record struct Surroundings(ulong Left, ulong Left2, ulong Above, ulong Near, int Column);
