using System.IO.Compression;
using Decant.Core;
using Decant.Formats.PyTorch;
using Xunit;

namespace Decant.Tests.Formats.PyTorch;

public sealed class PyTorchReaderTests
{
    private static readonly KeyValuePair<string, Tensor>[] Small =
    [
        new("w", Tensor.Of(new Shape(2, 3), [1f, -2, 3, 4, 5, 6])),
        new("n", Tensor.Scalar(7L)),
        new("h", Tensor.Vector((Half)0.5, (Half)(-3))),
        new("empty", Tensor.Zeros(ElementType.Float32, new Shape(0, 4))),
        new("flags", Tensor.Vector(true, false)),
        new("élan", Tensor.Vector(1e300, 2)),
    ];

    public static TheoryData<string> Written => new() { "zip", "legacy", "protocol 4", "checkpoint" };

    /// <summary>
    /// The values that the script gave PyTorch: a view transposed, a slice, two names of one tensor, a parameter, every
    /// type.
    /// </summary>
    [Theory]
    [MemberData(nameof(Written))]
    public void WhatPyTorchWroteIsReadExactly(string format)
    {
        byte[] file = format switch
        {
            "zip" => TorchFiles.Zip,
            "legacy" => TorchFiles.Legacy,
            "protocol 4" => TorchFiles.Protocol4,
            _ => TorchFiles.Checkpoint,
        };
        IReadOnlyList<KeyValuePair<string, Tensor>> state = Read(file);
        Assert.Equal(
            [
                "a.weight",
                "a.half",
                "a.bfloat",
                "a.double",
                "a.counter",
                "b.transposed",
                "b.slice",
                "b.tied",
                "b.parameter",
            ],
            state.Select(s => s.Key)
        );
        Tensor weight = Tensor.Of(new Shape(2, 3), [0f, 1, 2, 3, 4, 5]);
        Tensor[] expected =
        [
            weight,
            Tensor.Vector((Half)1.5, (Half)(-2), Half.MaxValue),
            Tensor.Vector(1f, -3.140625f, BitConverter.UInt32BitsToSingle(0x714A0000)),
            Tensor.Of(new Shape(2, 1), [0.1, 1e300]),
            Tensor.Scalar(7L),
            Tensor.Of(new Shape(5, 4), Enumerable.Range(0, 20).Select(i => (float)(i % 4 * 5 + i / 4)).ToArray()),
            Tensor.Of(new Shape(2, 3), [6f, 7, 8, 11, 12, 13]),
            weight,
            Tensor.Vector(2.5f, -0.5f),
        ];
        foreach (var (tensor, read) in expected.Zip(state))
            SameTensor.Assert(tensor, read.Value);
    }

    [Fact]
    public void ThePrefixOfTrainingOnSeveralDevicesIsTakenAway()
    {
        IReadOnlyList<KeyValuePair<string, Tensor>> state = Read(TorchFiles.Parallel);
        Assert.Equal(
            ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked"],
            state.Select(s => s.Key)
        );
        Assert.Equal(new Shape(2, 1, 3, 3), state[0].Value.Shape);
        SameTensor.Assert(Tensor.Vector(1f, 1), state[4].Value);
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        foreach (
            byte[] file in new[]
            {
                StateFile.Legacy(Small),
                StateFile.Zip(Small),
                StateFile.Zip(Small, CompressionLevel.Optimal),
            }
        )
        {
            IReadOnlyList<KeyValuePair<string, Tensor>> read = Read(file);
            Assert.Equal(Small.Select(s => s.Key), read.Select(s => s.Key));
            foreach (var (expected, actual) in Small.Zip(read))
                SameTensor.Assert(expected.Value, actual.Value);
        }
    }

    [Fact]
    public void NothingThatAFileAsksForIsRun()
    {
        Refused(TorchFiles.Whole, "'__main__.Net'", "state_dict()");
        Refused(
            StateFile.Legacy(new PickleBytes().Global("posix", "system").Text("true").Op(0x85).Op('R').End()),
            "'posix.system'",
            "at byte"
        );
        Refused(StateFile.Legacy(new PickleBytes().Text("builtins").Text("eval").Op(0x93).End()), "'builtins.eval'");
        Refused(
            StateFile.Zip(new PickleBytes().Global("torch", "load").End(), CompressionLevel.NoCompression, "little"),
            "'torch.load'"
        );
        Refused(StateFile.Legacy(new PickleBytes().Op(0x81).End()), "0x81");
    }

    [Theory]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 3, 1 }, true)]
    [InlineData(6, 1, new long[] { 5 }, new long[] { 1 }, true)]
    [InlineData(6, 1, new long[] { 2, 3 }, new long[] { 3, 1 }, false)]
    [InlineData(6, -1, new long[] { 2 }, new long[] { 1 }, false)]
    [InlineData(6, 0, new long[] { -2 }, new long[] { 1 }, false)]
    [InlineData(6, 5, new long[] { 2 }, new long[] { -1 }, false)]
    [InlineData(6, 0, new long[] { 1000000000 }, new long[] { 0 }, false)]
    [InlineData(6, 0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 }, false)]
    [InlineData(6, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, 1 }, false)]
    [InlineData(6, long.MaxValue, new long[] { 2 }, new long[] { 1 }, false)]
    [InlineData(6, 0, new long[] { 6 }, new long[] { 1, 1 }, false)]
    [InlineData(6, 7, new long[] { 0 }, new long[] { 1 }, false)]
    [InlineData(7, 0, new long[] { 7 }, new long[] { 1 }, false)]
    [InlineData(-1, 0, new long[] { 1 }, new long[] { 1 }, false)]
    public void ViewsLieWithinTheirStorage(long count, long offset, long[] sizes, long[] strides, bool lies)
    {
        byte[] pickle = new PickleBytes()
            .Op('}')
            .Op('(')
            .Text("x")
            .Tensor("FloatStorage", "0", count, offset, sizes, strides)
            .Op('u')
            .End();
        byte[] legacy = StateFile.Legacy(pickle, ("0", 6, new byte[24])),
            zip = StateFile.Zip(pickle, CompressionLevel.NoCompression, "little", ("0", new byte[24]));
        if (!lies)
        {
            Refused(legacy);
            Refused(zip);
            return;
        }
        Assert.Equal(sizes, Read(legacy)[0].Value.Shape.Dims.Select(d => (long)d));
        Assert.Equal(sizes, Read(zip)[0].Value.Shape.Dims.Select(d => (long)d));
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        Refused(StateFile.Legacy([Small[0], Small[0]]), "'w' twice");
        Refused(
            StateFile.Legacy(new PickleBytes().Op('}').Op('(').Text("epoch").Op((byte)'K', 3).Op('u').End()),
            "'epoch'",
            "state_dict"
        );
        Refused(StateFile.Legacy(new PickleBytes().Op((byte)'K', 3).End()), "no dictionary");
        Refused(StateFile.Legacy(new PickleBytes().Op('}').End()), "empty");
        Refused(StateFile.Legacy(new PickleBytes().Op((byte)'h', 3).End()), "object 3");
        Refused(StateFile.Legacy(new PickleBytes().Op('X').Number32(uint.MaxValue).End()), "4294967295");
        Refused(StateFile.Legacy(new PickleBytes().Op('X').Number32(2).Op(0xC3, 0x28).End()), "UTF-8");
        Refused(StateFile.Legacy(new PickleBytes().Op([.. Enumerable.Repeat((byte)'(', 100_000)]).End()), "deeper");
        Refused(StateFile.Legacy(new PickleBytes().Op([.. Enumerable.Repeat((byte)'N', 3_000_000)]).End()), "steps");
        Refused(StateFile.Zip(Small, order: "big"), "'big'");
        Refused([.. "just a text"u8], "torch.save");
        Refused([], "torch.save");
        byte[] damaged = StateFile.Zip([Small[0]]);
        damaged[damaged.AsSpan().IndexOf([.. Small[0].Value.Bytes()]) + 1] ^= 1;
        Refused(damaged, "checksum", "storage '0'");
    }

    [Fact]
    public void ClaimsTakeNoMemory()
    {
        var state = new PickleBytes().Op('}').Op('(');
        for (int i = 0; i < 20; i++)
            state.Text($"x{i}").Tensor("FloatStorage", "0", 500_000_000, 0, [500_000_000], [1]);
        byte[] pickle = state.Op('u').End();
        var overlapping = new PickleBytes().Op('}').Op('(');
        for (int i = 0; i < 2000; i++)
            overlapping.Text($"x{i}").Tensor("FloatStorage", "0", 10_000, 1, [9_999], [1]);
        byte[][] files =
        [
            StateFile.Legacy(pickle, ("0", 500_000_000, new byte[40])),
            StateFile.Zip(pickle, CompressionLevel.Optimal, "little", ("0", new byte[40])),
            StateFile.Legacy(overlapping.Op('u').End(), ("0", 10_000, new byte[40_000])),
        ];
        foreach (byte[] file in files)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused(file);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000 + 30 * file.Length);
        }
    }

    internal static IReadOnlyList<KeyValuePair<string, Tensor>> Read(byte[] file) =>
        PyTorchReader.Read(new MemoryStream(file));

    private static void Refused(byte[] file, params string[] words)
    {
        string message = Assert.Throws<FileFormatException>(() => Read(file)).Message;
        foreach (string word in words)
            Assert.Contains(word, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
