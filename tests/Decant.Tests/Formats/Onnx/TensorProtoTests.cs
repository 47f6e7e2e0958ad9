using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Export;
using Decant.Formats.Onnx.Wire;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class TensorProtoTests
{
    [Property(MaxTest = 200)]
    public bool Every_type_comes_back_from_raw_data(byte kind, byte a, byte b, ulong seed)
    {
        ElementType[] types = [.. Enum.GetValues<ElementType>().Where(t => t != ElementType.Unknown)];
        Tensor tensor = RandomTensor.Of(
            types[kind % types.Length],
            a % 7 == 0 ? Shape.Scalar : new Shape(a % 7, b % 5),
            seed
        );
        SameTensor.Assert(tensor, Read(TensorWriter.Whole(tensor)));
        return true;
    }

    [Fact]
    public void Each_typed_field_holds_its_types()
    {
        Same(Tensor.Vector(1f, 2f), Typed(1, 2).Prefix(4, 8).Append([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]));
        Same(Tensor.Vector(1f, 2f), Typed(1, 2).Float(4, 1).Float(4, 2));
        Same(Tensor.Vector(1d), Typed(11, 1).Prefix(10, 8).Append([0, 0, 0, 0, 0, 0, 0xF0, 0x3F]));
        Same(Tensor.Vector(300, -1), Typed(6, 2).Int64(5, 300).Int64(5, -1));
        Same(Tensor.Vector((short)-2), Typed(5, 1).Int64(5, -2));
        Same(Tensor.Vector((sbyte)-2), Typed(3, 1).Int64(5, -2));
        Same(Tensor.Vector((byte)200), Typed(2, 1).Int64(5, 200));
        Same(Tensor.Vector((ushort)60000), Typed(4, 1).Int64(5, 60000));
        Same(Tensor.Vector(true, false), Typed(9, 2).Int64(5, 1).Int64(5, 0));
        Same(Tensor.Vector((Half)1), Typed(10, 1).Int64(5, 0x3C00));
        Same(Tensor.Vector(long.MinValue, 5), Typed(7, 2).Int64(7, long.MinValue).Int64(7, 5));
        Same(Tensor.Vector(uint.MaxValue), Typed(12, 1).Int64(11, uint.MaxValue));
        Same(Tensor.Vector(ulong.MaxValue), Typed(13, 1).Int64(11, -1));
        Same(
            Tensor.Of(ElementType.Int4, new Shape(3), new sbyte[] { 1, -2, 7 }),
            Typed(22, 3).Int64(5, 0xE1).Int64(5, 0x07)
        );
        Same(
            Tensor.Of(ElementType.UInt4, new Shape(3), new byte[] { 1, 14, 7 }),
            Typed(21, 3).Int64(5, 0xE1).Int64(5, 0x07)
        );
    }

    [Fact]
    public void Four_bit_elements_are_packed_low_half_first()
    {
        Tensor tensor = Tensor.Of(ElementType.Int4, new Shape(3), new sbyte[] { 1, -2, 7 });
        Assert.Equal([0xE1, 0x07], TensorWriter.Whole(tensor).Written.ToArray()[^2..]);
    }

    [Fact]
    public void Fields_may_come_in_any_order() =>
        Same(
            Tensor.Vector(5L),
            new WireWriter().Prefix(9, 8).Append([5, 0, 0, 0, 0, 0, 0, 0]).Text(8, "late").Int64(2, 7).Int64(1, 1)
        );

    [Fact]
    public void A_bool_that_is_neither_0_nor_1_is_true() =>
        Same(Tensor.Vector(true), Typed(9, 1).Prefix(9, 1).Append([7]));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused("data for at most 2", Typed(1, 3).Prefix(9, 8).Append(new byte[8]));
        Refused("needs 4 bytes", Typed(1, 1).Prefix(9, 8).Append(new byte[8]));
        Refused("at most 0", Typed(1, 1));
        Refused("at most 4", Typed(1, 1_000_000_000).Prefix(4, 16).Append(new byte[16]));
        Refused("which does not fit", Typed(3, 1).Int64(5, 200));
        Refused("more values", Typed(7, 1).Int64(7, 1).Int64(7, 2));
        Refused("1 of its 2", Typed(7, 2).Int64(7, 300).Int64(99, 1));
        Refused("belong in 7", Typed(7, 1).Int64(5, 1));
        Refused("holds strings", Typed(8, 1).Text(6, "a"));
        Refused("element type 17", Typed(17, 1).Prefix(9, 2).Append(new byte[2]));
        Refused("extent of -1", Typed(1, -1));
        Refused(
            "2^63",
            new WireWriter().Int64(1, int.MaxValue).Int64(1, int.MaxValue).Int64(1, int.MaxValue).Int64(2, 1)
        );
    }

    private static void Refused(string says, WireWriter message) =>
        Assert.Contains(says, Assert.ThrowsAny<DecantException>(() => Read(message)).Message, StringComparison.Ordinal);

    private static void Same(Tensor expected, WireWriter message) => SameTensor.Assert(expected, Read(message));

    private static WireWriter Typed(int type, long count) => new WireWriter().Int64(1, count).Int64(2, type);

    private static Tensor Read(WireWriter message) =>
        TensorProtoReader.Read(new MemoryStream(message.Written.ToArray()));
}
