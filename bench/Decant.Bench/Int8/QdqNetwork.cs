using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Op = Decant.Core.Operators;

namespace Decant.Bench;

/// <summary>
/// A network brought to 8 bits by QuantizeLinear and DequantizeLinear around its convolutions and sums, ranges by the least and greatest
/// values on calibration inputs, weights by their greatest magnitude per channel: the plainest form, for measuring speed.
/// </summary>
internal sealed class QdqNetwork
{
    private readonly Network network;
    private readonly Dictionary<string, (float Low, float High)> ranges;
    private readonly Dictionary<string, string> renamed = new(StringComparer.Ordinal);
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];

    private QdqNetwork(Network network, Dictionary<string, (float, float)> ranges) => (this.network, this.ranges) = (network, ranges);

    /// <summary>Quantizes a network.</summary>
    public static Network Of(Network network, IEnumerable<Tensor> calibration)
    {
        var ranges = Ranges(network, calibration);
        foreach (Node node in network.Nodes.Reverse()) Share(node, ranges);
        return new QdqNetwork(network, ranges).Rewrite();
    }

    private static Dictionary<string, (float Low, float High)> Ranges(Network network, IEnumerable<Tensor> calibration)
    {
        string[] values = [.. network.Inputs.Select(i => i.Name), .. network.Nodes.Select(n => n.Outputs[0])];
        var all = new Network(network.Name, network.Inputs, [.. network.Nodes.Select(n => new ValueInfo(n.Outputs[0], new TensorType(ElementType.Float32, null)))], network.Nodes, network.Weights);
        using var executor = new ReferenceExecutor(all, 1);
        var ranges = values.ToDictionary(v => v, _ => (Low: 0f, High: 0f), StringComparer.Ordinal);
        foreach (Tensor input in calibration)
        {
            Tensor[] made = [input, .. executor.Run([input])];
            for (int i = 0; i < made.Length; i++)
                foreach (float v in made[i].Span<float>()) ranges[values[i]] = (Math.Min(v, ranges[values[i]].Low), Math.Max(v, ranges[values[i]].High));
        }
        return ranges;
    }

    /// <summary>Layers that only move numbers have one range with what they move.</summary>
    private static void Share(Node node, Dictionary<string, (float Low, float High)> ranges)
    {
        if (node.Operator is not (Op.Concat or Op.MaxPool)) return;
        string[] same = [.. node.Inputs.Append(node.Outputs[0]).Where(ranges.ContainsKey)];
        var range = (same.Min(v => ranges[v].Low), same.Max(v => ranges[v].High));
        foreach (string value in same) ranges[value] = range;
    }

    private Network Rewrite()
    {
        ILookup<string, Node> readers = network.Nodes.SelectMany(n => n.Inputs.Select(i => (i, n))).ToLookup(p => p.i, p => p.n, StringComparer.Ordinal);
        foreach (ValueInfo input in network.Inputs) renamed[input.Name] = Quantized(input.Name, input.Name);
        foreach (Node node in network.Nodes)
        {
            ImmutableArray<string> inputs = [.. node.Inputs.Select((name, i) => i == 1 && node.Operator is Op.Conv ? QuantizedWeight(name) : renamed.GetValueOrDefault(name, name))];
            nodes.Add(node with { Inputs = inputs });
            bool ends = network.Outputs.Any(o => o.Name == node.Outputs[0]) || readers[node.Outputs[0]].Any(r => r.Operator is Op.Relu);
            if (node.Operator is Op.Conv or Op.Add or Op.Relu or Op.MaxPool or Op.Concat or Op.Pad && !ends) renamed[node.Outputs[0]] = Quantized(node.Outputs[0], node.Outputs[0]);
        }
        var kept = network.Weights.Where(w => nodes.Any(n => n.Inputs.Contains(w.Name)));
        return new Network(network.Name, network.Inputs, network.Outputs, [.. nodes], kept.Concat(weights), network.Metadata);
    }

    private string Quantized(string value, string name)
    {
        var (low, high) = ranges[value];
        float scale = Math.Max(1e-6f, (high - low) / 255);
        byte zero = (byte)Math.Clamp(MathF.Round(-low / scale), 0, 255);
        (string s, string z) = ($"{name}.scale", $"{name}.zero");
        weights.Add(new Weight(s, Tensor.Scalar(scale)));
        weights.Add(new Weight(z, Tensor.Scalar(zero)));
        nodes.Add(new Node($"{name}.quantize", new Op.QuantizeLinear(Attributes.None), [value, s, z], [$"{name}.bytes"]));
        nodes.Add(new Node($"{name}.dequantize", new Op.DequantizeLinear(Attributes.None), [$"{name}.bytes", s, z], [$"{name}.floats"]));
        return $"{name}.floats";
    }

    private string QuantizedWeight(string name)
    {
        Tensor weight = network.Weights[name].Encoding.Decode();
        int filters = weight.Shape[0], size = weight.Count / filters;
        var (codes, scales) = (new sbyte[weight.Count], new float[filters]);
        for (int f = 0; f < filters; f++)
        {
            ReadOnlySpan<float> filter = weight.Span<float>().Slice(f * size, size);
            float most = 0;
            foreach (float v in filter) most = Math.Max(most, Math.Abs(v));
            scales[f] = Math.Max(1e-9f, most / 127);
            for (int i = 0; i < size; i++) codes[f * size + i] = (sbyte)Math.Clamp(MathF.Round(filter[i] / scales[f]), -127, 127);
        }
        weights.Add(new Weight($"{name}.codes", Tensor.Of(weight.Shape, codes)));
        weights.Add(new Weight($"{name}.scales", Tensor.Of(new Shape(filters), scales)));
        weights.Add(new Weight($"{name}.zeros", Tensor.Of(new Shape(filters), new sbyte[filters])));
        nodes.Add(new Node($"{name}.dequantize", new Op.DequantizeLinear(new Attributes(("axis", 0L))), [$"{name}.codes", $"{name}.scales", $"{name}.zeros"], [$"{name}.floats"]));
        return $"{name}.floats";
    }
}
