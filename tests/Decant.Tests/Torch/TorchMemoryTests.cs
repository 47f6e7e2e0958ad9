using System.Globalization;
using Decant.Torch;
using Decant.Torch.Optimizers;
using Xunit;

namespace Decant.Tests.Torch;

/// <summary>What libtorch keeps, by the resident size of the process.</summary>
[Collection("alone")]
public sealed class TorchMemoryTests
{
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
