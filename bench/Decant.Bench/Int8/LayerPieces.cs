using Decant.Benchmarking;
using Decant.Core;
using Decant.Runtime;

namespace Decant.Bench;

/// <summary>
/// A QDQ network whole in the managed runtime, and in pieces from codes to codes in ONNX Runtime: each piece is given
/// what the managed runtime made of the layers before, so that it shows what that layer alone does otherwise.
/// </summary>
internal sealed class LayerPieces : IDisposable
{
    private readonly InferenceSession whole;
    private readonly List<(OnnxRuntimeSession Session, string[] Inputs)> pieces = [];
    private readonly string[] codes;

    public LayerPieces(Network network, string[] codes)
    {
        this.codes = codes;
        var shapes = NetworkShapes.Of(network);
        ValueInfo[] outputs = [.. codes.Select(c => new ValueInfo(c, shapes[c]!))];
        whole = new InferenceModel(
            new Network("", network.Inputs, [.. outputs], network.Nodes, network.Weights)
        ).CreateSession();
        var makers = network
            .Nodes.SelectMany(n => n.Outputs.Select(o => (o, n)))
            .ToDictionary(p => p.o, p => p.n, StringComparer.Ordinal);
        foreach (ValueInfo output in outputs)
        {
            var (nodes, inputs) = (new HashSet<Node>(), new SortedSet<string>(StringComparer.Ordinal));
            foreach (string input in makers[output.Name].Inputs)
                Trace(input);
            nodes.Add(makers[output.Name]);
            Node[] ordered = [.. network.Nodes.Where(nodes.Contains)];
            var read = ordered.SelectMany(n => n.Inputs).ToHashSet(StringComparer.Ordinal);
            var piece = new Network(
                "",
                [.. inputs.Select(i => new ValueInfo(i, shapes[i]!))],
                [output],
                [.. ordered],
                network.Weights.Where(w => read.Contains(w.Name))
            );
            pieces.Add((new OnnxRuntimeSession(piece), [.. inputs]));

            void Trace(string value)
            {
                if (value.Length == 0 || network.Weights.TryGet(value, out _))
                    return;
                if (codes.Contains(value) || !makers.TryGetValue(value, out Node? maker))
                    inputs.Add(value);
                else if (nodes.Add(maker))
                    foreach (string input in maker.Inputs)
                        Trace(input);
            }
        }
    }

    /// <summary>The codes of each layer, of both.</summary>
    public IEnumerable<(byte[] Ours, byte[] Theirs)> Compare(Tensor images)
    {
        IReadOnlyList<Tensor> ours = whole.Run([images]);
        for (int i = 0; i < pieces.Count; i++)
        {
            Tensor[] inputs =
            [
                .. pieces[i].Inputs.Select(name => Array.IndexOf(codes, name) is >= 0 and var at ? ours[at] : images),
            ];
            yield return (ours[i].Array<byte>(), pieces[i].Session.Run(inputs)[0].Array<byte>());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        whole.Dispose();
        foreach (var (session, _) in pieces)
            session.Dispose();
    }
}
