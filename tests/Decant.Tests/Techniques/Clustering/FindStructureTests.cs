using Decant.Core;
using Decant.Techniques;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

public sealed class FindStructureTests
{
    private static readonly uint[] Odd =
    [
        0,
        0x80000000,
        0x7FC00000,
        0x7FC00001,
        0xFFC12345,
        0x7F800000,
        0xFF800000,
        1,
        0x3F800000,
        0x3F800001,
    ];

    [Property(MaxTest = 300)]
    public void NoBitChanges(ulong seed)
    {
        var rng = new Rng(seed);
        int kinds = 1 + rng.Next(400),
            zeros = rng.Next(3) * 4;
        uint[] pool =
        [
            .. Enumerable
                .Range(0, kinds)
                .Select(i => i < Odd.Length && rng.Next(2) == 0 ? Odd[i] : (uint)rng.NextBits()),
        ];
        float[] values =
        [
            .. Enumerable
                .Range(0, 2 + rng.Next(900))
                .Select(_ => BitConverter.UInt32BitsToSingle(rng.Next(10) < zeros ? 0 : pool[rng.Next(kinds)])),
        ];
        var weight = new Weight("w", Options.Dense(values));
        foreach (PlannedChange change in Options.Make("find-structure").Plan([weight], 1))
            Assert.Equal(
                values.Select(BitConverter.SingleToUInt32Bits),
                change.Encoding(weight).Values().Select(BitConverter.SingleToUInt32Bits)
            );
    }

    [Fact]
    public void SharedNumbersAndSparsityAreFound()
    {
        var codebook = (CodebookEncoding)
            Options
                .Make("find-structure")
                .Apply(Options.Dense([.. Enumerable.Range(0, 100).Select(i => i % 3 * 0.5f)]));
        Assert.Equal([0f, 0.5f, 1f], codebook.Codebook.ToArray());
        Assert.True(codebook.ZeroApart);
        float[] many = [.. Enumerable.Range(0, 2000).Select(i => i % 3 == 0 ? i + 1 : 0f)];
        var sparse = (SparseEncoding)Options.Make("find-structure").Apply(Options.Dense(many));
        Assert.Equal(667, sparse.Values.Length);
        Assert.Equal(many, sparse.Values());
    }

    [Fact]
    public void ANegativeZeroIsANumberKept()
    {
        float[] values = [.. Enumerable.Range(0, 2000).Select(i => i % 3 == 0 ? i + 1 : 0f)];
        values[1] = -0f;
        var sparse = (SparseEncoding)Options.Make("find-structure").Apply(Options.Dense(values));
        Assert.Equal(668, sparse.Values.Length);
        Assert.Equal(0x80000000, BitConverter.SingleToUInt32Bits(sparse.Values()[1]));
    }

    [Fact]
    public void WhatHasNoStructureIsLeft()
    {
        var rng = new Rng(1);
        Weight[] weights =
        [
            new("random", Options.Dense([.. Enumerable.Range(0, 1000).Select(_ => (float)rng.NextNormal())])),
            new("one", Options.Dense(1)),
            new("integers", new DenseEncoding(Tensor.Vector(1L, 1, 1, 1))),
            new("shared", new CodebookEncoding(new Shape(2), [1f], [0, 0], false)),
        ];
        Assert.Empty(Options.Make("find-structure").Plan(weights, 1));
    }
}
