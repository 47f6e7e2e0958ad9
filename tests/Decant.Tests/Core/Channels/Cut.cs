using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Xunit;

namespace Decant.Tests.Channels;

/// <summary>
/// Cuts channels, and asserts that a thinned network computes what the masked one does and is valid ONNX.
/// </summary>
internal static class Cut
{
    /// <summary>
    /// Keeps random channels of every group that can be cut; about a share is cut, at least one stays.
    /// </summary>
    public static Dictionary<string, bool[]> Random(ChannelGroups groups, Rng rng, double share)
    {
        var kept = new Dictionary<string, bool[]>();
        foreach (ChannelGroup group in groups.Where(g => !g.IsFixed && g.Count > 1))
        {
            bool[] keep = [.. group.Channels.Select(_ => rng.NextDouble() >= share)];
            keep[rng.Next(keep.Length)] = true;
            kept[group.Name] = keep;
        }
        return kept;
    }

    /// <summary>Everything kept but some channels of one group.</summary>
    public static Dictionary<string, bool[]> Without(ChannelGroups groups, string group, params int[] cut) =>
        new() { [group] = [.. Enumerable.Range(0, groups[group].Count).Select(i => !cut.Contains(i))] };

    /// <summary>Thins, and asserts that nothing changed but what is masked.</summary>
    public static Network Same(Network network, IReadOnlyDictionary<string, bool[]> kept, int batch = 2)
    {
        ChannelGroups groups = ChannelGroups.Of(network);
        Network masked = ChannelMask.Apply(groups, kept),
            thinned = Thinning.Keep(groups, kept);
        Same(masked, thinned, batch);
        return thinned;
    }

    public static void Same(Network expected, Network actual, int batch = 2)
    {
        Tensor[] inputs = SameAnswers.Inputs(expected, batch);
        using ReferenceExecutor a = new(expected, 1),
            b = new(actual, 1),
            c = new(RoundTrip(actual), 1);
        IReadOnlyList<Tensor> wanted = a.Run(inputs),
            got = b.Run(inputs);
        Within(wanted, got);
        Assert.Equal(got.Select(t => t.Array<float>()), c.Run(inputs).Select(t => t.Array<float>()));
    }

    public static void Within(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual)
    {
        Assert.Equal(expected.Select(t => t.Shape), actual.Select(t => t.Shape));
        for (int i = 0; i < expected.Count; i++)
        {
            float[] e = expected[i].Array<float>(),
                a = actual[i].Array<float>();
            float largest = Math.Max(1e-3f, e.Max(Math.Abs)),
                worst = e.Zip(a, (x, y) => Math.Abs(x - y)).Max();
            Assert.True(worst <= 1e-5 * largest, $"output {i} is {worst} away where the largest is {largest}");
        }
    }

    public static Network RoundTrip(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(network, stream);
        stream.Position = 0;
        return OnnxReader.Read(stream);
    }

    public static long Macs(Network network)
    {
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        return network.Nodes.Sum(shapes.Macs);
    }

    public static Shape ShapeOf(Network network, string weight) => network.Weights[weight].Encoding.Shape;
}
