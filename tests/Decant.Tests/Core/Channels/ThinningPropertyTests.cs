using Decant.Benchmarking;
using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Xunit;

namespace Decant.Tests.Channels;

/// <summary>On random networks with random masks: what is thinned computes what is masked, and is valid ONNX.</summary>
public sealed class ThinningPropertyTests
{
    private const int Networks = 200;

    [Fact]
    public void ThinnedComputesWhatMaskedComputes()
    {
        int cut = 0;
        for (ulong seed = 0; seed < Networks; seed++)
        {
            Network network = RandomChannelNetwork.Of(seed);
            if (Masked(network, seed) is not { } kept)
                continue;
            cut += Tries(seed, () => Cut.Same(network, kept)) == network ? 0 : 1;
        }
        Assert.True(cut > Networks * 3 / 4, $"only {cut} networks could be cut");
    }

    [OnnxRuntimeFact]
    public void OnnxRuntimeComputesTheSame()
    {
        for (ulong seed = 0; seed < Networks; seed += 10)
        {
            Network network = RandomChannelNetwork.Of(seed);
            if (Masked(network, seed) is not { } kept)
                continue;
            Network thinned = Thinning.Keep(network, kept);
            Tensor[] inputs = SameAnswers.Inputs(thinned, batch: 2);
            using var reference = new ReferenceExecutor(ChannelMask.Apply(network, kept));
            using var session = new OnnxRuntimeSession(thinned);
            Cut.Within(reference.Run(inputs), session.Run(inputs));
        }
    }

    /// <summary>Channels that can be cut without pruning a layer to nothing; null if none can.</summary>
    private static Dictionary<string, bool[]>? Masked(Network network, ulong seed)
    {
        Rng rng = Rng.For(seed, "masks");
        ChannelGroups groups = ChannelGroups.Of(network);
        for (double share = 0.6; share > 0.05; share /= 1.5)
            try
            {
                Dictionary<string, bool[]> kept = Cut.Random(groups, rng, share);
                if (kept.Values.SelectMany(k => k).All(k => k))
                    continue;
                Thinning.Keep(groups, kept);
                return kept;
            }
            catch (ModelException e) when (e.Message.Contains("without channels", StringComparison.Ordinal))
            {
                // A layer of which only some channels are coupled may be cut whole by chance.
            }
        return null;
    }

    private static Network Tries(ulong seed, Func<Network> test)
    {
        try
        {
            return test();
        }
        catch (Exception e) when (e is ModelException or Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"network {seed}: {e.Message}", e);
        }
    }
}
