using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Runs;

[Collection("libtorch")]
public sealed class ConcurrentRunTests
{
    // Draws in training (a stochastic binarization, gates), and in planning.
    private const string Drawing = """
        recipe: drawing
        techniques:
          gates: {technique: l0-regularization, weights: "*.weight", strength: 0.0001}
        stages:
          - name: draw
            use: gates
            epochs: 3
            batch: 20
        """;

    [TorchFact]
    public void TwoDifferentRunsAtOnceEachGiveTheBytesThatTheyGiveAlone()
    {
        byte[][] alone = [Run(1), Run(2), Run(3, TinyRun.Yaml)];
        for (int trial = 0; trial < 2; trial++)
        {
            byte[][] together = new byte[3][];
            Thread[] threads =
            [
                new(() => together[0] = Run(1)),
                new(() => together[1] = Run(2)),
                new(() => together[2] = Run(3, TinyRun.Yaml)),
            ];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            Assert.Equal(alone, together);
        }
        Assert.NotEqual(alone[0], alone[1]);
    }

    private static byte[] Run(ulong seed, string yaml = Drawing) =>
        TinyRun.Run(TinyRun.Options(null) with { Seed = seed }, yaml).Bytes;
}
