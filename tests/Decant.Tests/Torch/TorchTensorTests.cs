using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

[Collection("libtorch")]
public sealed class TorchTensorTests
{
    [TorchFact]
    public void DataGoesInAndComesOut()
    {
        using var scope = new TorchScope();
        RoundTrip<float>([1.5f, -2, float.NaN], TorchType.Float32);
        RoundTrip<double>([1.5, -2, double.PositiveInfinity], TorchType.Float64);
        RoundTrip<long>([long.MinValue, 0, 7], TorchType.Int64);
        RoundTrip<int>([int.MinValue, 0, 7], TorchType.Int32);
        RoundTrip<byte>([0, 128, 255], TorchType.Byte);
        RoundTrip<bool>([true, false, true], TorchType.Boolean);
        RoundTrip<Half>([(Half)1.5f, (Half)0, (Half)(-2)], TorchType.Float16);
    }

    [TorchFact]
    public void SizesMustHoldTheData()
    {
        float[] data = [1, 2, 3, 4];
        Assert.Throws<TorchException>(() => TorchTensor.From<float>(data, 2, 3));
        Assert.Throws<TorchException>(() => TorchTensor.From<float>(data, -2, -2));
        Assert.Throws<TorchException>(() => TorchTensor.From<float>(data, 4, 1L << 62, 1L << 62));
        Assert.Throws<TorchException>(() => TorchTensor.From<float>(data));
        using TorchTensor empty = TorchTensor.From<float>([], 0, 3);
        Assert.Empty(empty.ToArray<float>());
    }

    [TorchFact]
    public void WrongTypeOrLengthIsRefused()
    {
        using TorchTensor x = TorchTensor.From<float>((float[])[1, 2], 2);
        Assert.Contains("Float32", Assert.Throws<TorchException>(() => x.ToArray<double>()).Message);
        Assert.Throws<TorchException>(() => x.CopyTo<float>(new float[3]));
        Assert.Throws<TorchException>(() => x.CopyFrom<float>(new float[1]));
        Assert.Throws<TorchException>(() => x.ToDouble());
    }

    [TorchFact]
    public void SpansAndCopiesSeeTheSameElements()
    {
        using var scope = new TorchScope();
        TorchTensor x = Ops.Zeros([2, 2]),
            view = x.Transpose(0, 1);
        x.CopyFrom<float>((float[])[1, 2, 3, 4]);
        Assert.Equal([1f, 3f, 2f, 4f], view.ToArray<float>());
        x.AsSpan<float>()[1] = 9;
        Assert.Equal([1f, 3f, 9f, 4f], view.ToArray<float>());
        view.CopyFrom<float>((float[])[1, 2, 3, 4]);
        Assert.Equal([1f, 3f, 2f, 4f], x.ToArray<float>());
        Assert.Throws<TorchException>(() => view.AsSpan<float>().Length);
        Assert.Equal(2, x.Size(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Size(2));
    }

    [TorchFact]
    public void ScalarsReadBack()
    {
        using var scope = new TorchScope();
        Assert.Equal(2.5, TorchTensor.Scalar(2.5f).ToDouble());
        Assert.Equal(long.MaxValue, TorchTensor.Scalar(long.MaxValue).ToInt64());
        Assert.Equal(1, TorchTensor.Scalar(true).ToInt64());
        Assert.Throws<TorchException>(() => TorchTensor.Scalar(2.5f).ToInt64());
    }

    [TorchFact]
    public void TheSameSeedDrawsTheSameBits()
    {
        using var scope = new TorchScope();
        LibTorch.Seed(42);
        float[] first = Ops.Randn([100]).ToArray<float>();
        byte[] state = LibTorch.GetRandomState();
        float[] second = Ops.Rand([100]).Dropout(0.5, training: true).ToArray<float>();
        LibTorch.Seed(42);
        Assert.Equal(first, Ops.Randn([100]).ToArray<float>());
        _ = Ops.Rand([7]);
        LibTorch.SetRandomState(state);
        Assert.Equal(second, Ops.Rand([100]).Dropout(0.5, training: true).ToArray<float>());
    }

    private static void RoundTrip<T>(T[] data, TorchType type)
        where T : unmanaged
    {
        TorchTensor x = TorchTensor.From<T>(data, 3, 1);
        Assert.Equal(type, x.Type);
        Assert.Equal([3L, 1L], x.Shape);
        Assert.Equal(data, x.ToArray<T>());
    }
}
