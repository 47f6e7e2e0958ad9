using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Tests.Mutation;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class MutationTests
{
    private static readonly Func<int, long> Allocation = _ => 16 << 20;

    [Fact]
    public void Damaged_models_are_read_or_refused() =>
        Assert.True(
            Hostile.Run(Models.LeNet(), 1500, 1, bytes => OnnxReader.Read(new MemoryStream(bytes)), Allocation) > 300
        );

    [Fact]
    public void Damaged_shape_arithmetic_is_read_or_refused() =>
        Assert.True(
            Hostile.Run(
                Models.ShapeArithmetic(),
                1500,
                2,
                bytes => OnnxReader.Read(new MemoryStream(bytes)),
                Allocation
            ) > 500
        );

    [Fact]
    public void Damaged_models_of_an_old_opset_are_read_or_refused() =>
        Assert.True(
            Hostile.Run(Models.OldOperators(), 1000, 3, bytes => OnnxReader.Read(new MemoryStream(bytes)), Allocation)
                > 300
        );

    [Fact]
    public void Damaged_operators_of_every_kind_are_read_or_refused() =>
        Assert.True(
            Hostile.Run(Models.Everything(), 1000, 7, bytes => OnnxReader.Read(new MemoryStream(bytes)), Allocation)
                > 300
        );

    [Fact]
    public void Damaged_tensors_are_read_or_refused()
    {
        foreach (byte[] file in Models.TensorFiles())
            Hostile.Run(
                file,
                200,
                4,
                bytes => TensorProtoReader.Read(new MemoryStream(bytes)),
                length => 100_000 + 16L * length
            );
    }

    [Fact]
    public void Every_truncation_of_a_model_is_refused()
    {
        // The fields of a message have no order or end of their own: without the last one, its metadata, the model is
        // whole.
        byte[] whole = Models.LeNet();
        int metadata = 2 + 2 + "preprocessing".Length + 2 + "scale 1/256".Length;
        for (int length = 0; length < whole.Length; length++)
            if (length == whole.Length - metadata)
                OnnxReader.Read(new MemoryStream(whole, 0, length));
            else
                Assert.ThrowsAny<DecantException>(() => OnnxReader.Read(new MemoryStream(whole, 0, length)));
    }

    [Fact]
    public void Nesting_without_end_does_not_exhaust_the_stack()
    {
        // A type inside a type inside a type: each a field of 2 bytes around the rest.
        byte[] deep = [.. Enumerable.Repeat((byte)0x3A, 100_000)];
        Assert.ThrowsAny<DecantException>(() => OnnxReader.Read(new MemoryStream(deep)));
    }
}
