namespace Decant.Runtime.Kernels;

/// <summary>
/// Sums of products of small integers by a kernel for floats, exactly: floats hold integers to 2^24. Where sums may be larger, one
/// factor is cut into digits, each of which gives a sum that fits, and those are put together.
/// </summary>
internal static class ExactSums
{
    private const long Limit = 1 << 24;

    /// <summary>The sums in Int32; they wrap.</summary>
    /// <param name="x">One factor, Int32.</param>
    /// <param name="w">The other, Int32; it is used up.</param>
    /// <param name="depth">The most products in a sum.</param>
    /// <param name="product">The kernel: of both factors in Float32.</param>
    /// <param name="context">How to spread the work.</param>
    public static Tensor Run(Tensor x, Tensor w, long depth, Func<Tensor, Tensor, Tensor> product, KernelContext context)
    {
        long most = Limit / Math.Max(1, checked(depth * Greatest(x)));
        if (most < 2) throw new ModelException($"sums of {depth:N0} products may not fit; at most {Limit / 2 / byte.MaxValue:N0} are possible");
        int bits = (int)Math.Log2(most);
        Tensor left = Casting.Convert(x, ElementType.Float32, context), sums = Tensor.Zeros(ElementType.Int32, context.Output);
        for (int shift = 0; ; shift += bits)
        {
            bool last = Greatest(w) <= most;
            Add(product(left, last ? Casting.Convert(w, ElementType.Float32, context) : Digit(w, bits)), shift, sums);
            if (last) return sums;
        }
    }

    /// <summary>The lowest bits as a float each, taken off what is left.</summary>
    private static Tensor Digit(Tensor w, int bits)
    {
        Tensor digit = Tensor.Zeros(ElementType.Float32, w.Shape);
        int[] from = w.Array<int>();
        float[] to = digit.Array<float>();
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[i] & ((1 << bits) - 1);
            from[i] >>= bits;
        }
        return digit;
    }

    private static void Add(Tensor part, int shift, Tensor sums)
    {
        float[] from = part.Array<float>();
        int[] to = sums.Array<int>();
        for (int i = 0; i < to.Length; i++) to[i] = unchecked(to[i] + ((int)from[i] << shift));
    }

    private static long Greatest(Tensor x)
    {
        long greatest = 0;
        foreach (int v in x.Span<int>()) greatest = Math.Max(greatest, Math.Abs((long)v));
        return greatest;
    }
}
