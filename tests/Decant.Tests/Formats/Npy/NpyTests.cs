using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Mutation;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Formats.Npy;

public sealed class NpyTests
{
    [Fact]
    public void A_matrix_is_written_as_NumPy_writes_it()
    {
        byte[] file = Bytes(Tensor.Of(new Shape(2, 3), [1f, 2, 3, 4, 5, 6]));
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        byte[] expected =
        [
            0x93,
            (byte)'N',
            (byte)'U',
            (byte)'M',
            (byte)'P',
            (byte)'Y',
            1,
            0,
            118,
            0,
            .. System.Text.Encoding.ASCII.GetBytes(header.PadRight(117) + "\n"),
            0,
            0,
            0x80,
            0x3F,
            0,
            0,
            0,
            0x40,
            0,
            0,
            0x40,
            0x40,
            0,
            0,
            0x80,
            0x40,
            0,
            0,
            0xA0,
            0x40,
            0,
            0,
            0xC0,
            0x40,
        ];
        Assert.Equal(expected, file);
    }

    [Theory]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", new byte[] { 1, 0, 0xFE, 0xFF }, "1 -2")]
    [InlineData("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", new byte[] { 0, 1, 0xFF, 0xFE }, "1 -2")]
    [InlineData("{\"shape\": (2,), \"descr\":'<i2','fortran_order':True}", new byte[] { 1, 0, 0xFE, 0xFF }, "1 -2")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': ()}", new byte[] { 5, 0 }, "5")]
    [InlineData(
        "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3)}",
        new byte[] { 0, 0, 10, 0, 1, 0, 11, 0, 2, 0, 12, 0 },
        "0 1 2 10 11 12"
    )]
    public void Hand_written_headers_read(string header, byte[] data, string expected)
    {
        foreach (int version in (int[])[1, 2, 3])
            Assert.Equal(expected, string.Join(' ', Read(File(header, data, version)).Array<short>()));
    }

    [Fact]
    public void Three_axes_in_Fortran_order()
    {
        byte[] data = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        Tensor tensor = Read(File("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4)}", data, 1));
        for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
        for (int k = 0; k < 4; k++)
            Assert.Equal(i + 2 * j + 6 * k, tensor.Span<byte>()[i * 12 + j * 4 + k]);
    }

    [Theory]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "structured")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "<c8")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "|O")]
    [InlineData("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", "|f4")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "comma")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "extent")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}", "extent")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000)}", "GiB")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,)}", "remain")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "missing")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "after")]
    [InlineData("__import__('os')", "'{'")]
    public void Other_headers_are_refused(string header, string says)
    {
        DecantException e = Assert.ThrowsAny<DecantException>(() => Read(File(header, [0, 0, 0, 0], 1)));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 100)]
    public bool What_is_written_reads_back(byte kind, byte a, byte b, byte c, ulong seed)
    {
        ElementType[] types =
        [
            .. Enum.GetValues<ElementType>()
                .Where(t => t is not (ElementType.Unknown or ElementType.Int4 or ElementType.UInt4)),
        ];
        ElementType type = types[kind % types.Length];
        Shape shape = new Shape[] { Shape.Scalar, new(a % 9), new(a % 5, b % 5), new(a % 4, b % 4, c % 4) }[c % 4];
        Tensor tensor = RandomTensor.Of(type, shape, seed);
        SameTensor.Assert(tensor, Read(Bytes(tensor)));
        return true;
    }

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        byte[] file = Bytes(Tensor.Of(new Shape(4, 5), [.. Enumerable.Range(0, 20).Select(i => (double)i)]));
        Assert.True(Hostile.Run(file, 1000, 5, bytes => Read(bytes), length => 40_000 + 4L * length) > 300);
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(tensor, stream);
        return stream.ToArray();
    }

    private static Tensor Read(byte[] file) => NpyReader.Read(new MemoryStream(file));

    private static byte[] File(string header, byte[] data, int version)
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(header + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }
}
