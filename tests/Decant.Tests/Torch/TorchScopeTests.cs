using System.Globalization;
using Decant.Torch;
using Decant.Torch.Optimizers;
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

    [TorchFact]
    public void TenThousandTrainingStepsKeepMemoryFlat()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the resident size is read from /proc");
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        using var scope = new TorchScope();
        TorchTensor w1 = Leaf(16, 32),
            b1 = Leaf(16),
            w2 = Leaf(4, 16),
            x = Ops.Randn([64, 32]),
            y = Ops.Zeros([64], TorchType.Int64);
        using var optimizer = new Adam([new("w1", w1), new("b1", b1), new("w2", w2)], 1e-4);
        Steps(1000);
        long before = ResidentKibibytes();
        Steps(10_000);
        long growth = ResidentKibibytes() - before;
        Assert.True(growth < 8 * 1024, $"resident size grew by {growth} KiB");

        void Steps(int count)
        {
            for (int i = 1; i <= count; i++)
            {
                Step();
                // The managed heap grows to its budget before it first collects, which would hide what libtorch keeps.
                if (i % 500 == 0)
                    GC.Collect();
            }
        }

        void Step()
        {
            using var inner = new TorchScope();
            TorchTensor loss = x.Linear(w1, b1).Relu().Linear(w2).CrossEntropy(y);
            optimizer.ClearGrads();
            loss.Backward();
            optimizer.Step();
        }
    }

    private static TorchTensor Leaf(params long[] sizes)
    {
        TorchTensor leaf = Ops.Randn(sizes);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static long ResidentKibibytes()
    {
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture);
    }
}
