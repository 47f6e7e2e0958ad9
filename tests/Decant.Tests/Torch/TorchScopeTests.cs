using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

[Collection("libtorch")]
public sealed class TorchScopeTests
{
    [TorchFact]
    public void AScopeFreesWhatItOwnsAndNothingElse()
    {
        using TorchTensor outside = Ops.Ones([1]);
        TorchTensor kept,
            moved,
            inner;
        using (new TorchScope())
        {
            using (new TorchScope())
            {
                kept = outside.Add(1).Keep();
                moved = outside.Add(2).MoveToOuterScope();
                inner = outside.Add(3);
                outside.Add(4).Dispose();
                for (int i = 0; i < 300; i++)
                    _ = outside.Add(i);
            }

            Assert.True(inner.IsDisposed);
            Assert.Equal(3, moved.ToDouble());
        }

        Assert.True(moved.IsDisposed);
        Assert.Equal(2, kept.ToDouble());
        kept.Dispose();
        kept.Dispose();
        Assert.Equal(1, outside.ToDouble());
    }

    [TorchFact]
    public void ScopesCloseInnermostFirst()
    {
        var outer = new TorchScope();
        var inner = new TorchScope();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.Null(TorchScope.Current);
    }

    [TorchFact]
    public void NoGradNestsAndRestores()
    {
        Assert.True(NoGrad.IsRecording);
        using (new NoGrad())
        {
            using (new NoGrad())
                Assert.False(NoGrad.IsRecording);
            Assert.False(NoGrad.IsRecording);
        }

        Assert.True(NoGrad.IsRecording);
    }
}
