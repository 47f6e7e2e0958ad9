using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Bits of integers, elements that differ, and determinants are ONNX Runtime's.</summary>
[Collection("libtorch")]
public sealed class BitwiseOperatorTests
{
    [Theory]
    [InlineData("LEFT")]
    [InlineData("RIGHT")]
    public void BitShiftMovesBits(string direction)
    {
        void Agrees<T>(T[] values, T[] bits)
            where T : unmanaged
        {
            Tensor x = Tensor.Vector(values);
            Peer.Agrees(
                new OnnxModelBuilder(11)
                    .Input("x", x.Type, 4)
                    .Input("n", x.Type, 4)
                    .Output("y", x.Type)
                    .Node("BitShift", "x n", "y", ("direction", direction)),
                [x, Tensor.Vector(bits)]
            );
        }
        Agrees<byte>([1, 77, 200, 255], [0, 1, 3, 7]);
        Agrees<uint>([1, 77, uint.MaxValue, 255], [0, 1, 31, 7]);
        Agrees<ulong>([1, 77, ulong.MaxValue, 255], [0, 1, 63, 33]);
    }

    [Fact]
    public void BitwiseNotTurnsEveryBit()
    {
        void Agrees<T>(params T[] values)
            where T : unmanaged
        {
            Tensor x = Tensor.Vector(values);
            Peer.Agrees(
                new OnnxModelBuilder(18).Input("x", x.Type, 3).Output("y", x.Type).Node("BitwiseNot", "x", "y"),
                [x]
            );
        }
        Agrees<byte>(0, 77, 255);
        Agrees<ushort>(0, 77, ushort.MaxValue);
        Agrees<uint>(0, 77, uint.MaxValue);
        Agrees<ulong>(0, 77, ulong.MaxValue);
        Agrees<sbyte>(0, 77, sbyte.MinValue);
        Agrees<short>(0, 77, short.MinValue);
        Agrees(0, 77, int.MinValue);
        Agrees(0L, 77, long.MinValue);
    }

    [Theory]
    [InlineData("BitwiseAnd")]
    [InlineData("BitwiseOr")]
    [InlineData("BitwiseXor")]
    public void BitsOfTwoNumbers(string type)
    {
        void Agrees<T>(T[] rows, T[] columns)
            where T : unmanaged
        {
            Tensor x = Tensor.Of(new Shape(rows.Length, 1), rows),
                y = Tensor.Vector(columns);
            Peer.Agrees(
                new OnnxModelBuilder(18)
                    .Input("x", x.Type, rows.Length, 1)
                    .Input("y", x.Type, "n")
                    .Output("z", x.Type)
                    .Node(type, "x y", "z"),
                [x, y]
            );
        }
        Agrees<byte>([0, 77, 255], [1, 78]);
        Agrees<ushort>([0, 77, ushort.MaxValue], [1, 78]);
        Agrees<uint>([0, 77, uint.MaxValue], [1, 78]);
        Agrees<ulong>([0, 77, ulong.MaxValue], [1, 78]);
        Agrees<sbyte>([0, -77, sbyte.MinValue], [-1, 78]);
        Agrees<short>([0, -77, short.MinValue], [-1, 78]);
        Agrees<int>([0, -77, int.MinValue], [-1, 78]);
        Agrees<long>([0, -77, long.MinValue], [-1, 78]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(-1L)]
    public void UniqueFindsWhatDiffers(long? axis)
    {
        foreach (long sorted in new[] { 0L, 1 })
        foreach (ElementType type in new[] { ElementType.Float32, ElementType.Int64 })
        {
            var rng = new Rng(31);
            int[] values = [.. Enumerable.Range(0, 48).Select(_ => rng.Next(2) - 1)];
            var shape = new Shape(4, 6, 2);
            List<(string, object)> attributes = [("sorted", sorted)];
            if (axis is { } a)
                attributes.Add(("axis", a));
            Peer.Agrees(
                new OnnxModelBuilder(11)
                    .Input("x", type, "n", 6, 2)
                    .Output("y", type)
                    .Output("i", ElementType.Int64)
                    .Output("r", ElementType.Int64)
                    .Output("c", ElementType.Int64)
                    .Node("Unique", "x", "y i r c", [.. attributes]),
                [
                    type == ElementType.Int64
                        ? Tensor.Of(shape, Array.ConvertAll(values, v => (long)v))
                        : Tensor.Of(shape, Array.ConvertAll(values, v => v / 2f)),
                ]
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void DetIsADeterminant(int size)
    {
        foreach (int[] batch in new int[][] { [], [3], [2, 3] })
            Peer.Agrees(
                new OnnxModelBuilder(11)
                    .Input("x", [.. batch.Select(b => (object)$"n{b}"), size, size])
                    .Output("y")
                    .Node("Det", "x", "y"),
                [Random(new Rng(32), [.. batch, size, size])],
                1e-4
            );
    }
}
