using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;

namespace Decant.Tests.Data.Sequences;

/// <summary>Networks with one state, and clips of different lengths for them.</summary>
internal static class Accumulators
{
    /// <summary>The clips' lengths.</summary>
    public static readonly int[] Lengths = [40, 7, 25];

    /// <summary>hN = x + factor·h, and y = hN.</summary>
    /// <param name="factor">How much of the state is kept.</param>
    /// <param name="batch">The first extent of all; -1 for any.</param>
    public static Network Of(float factor, int batch = -1)
    {
        var type = new TensorType(ElementType.Float32, new Shape(batch, 2));
        return new Network(
            "accumulator",
            [new ValueInfo("x", type), new ValueInfo("h", type)],
            [new ValueInfo("y", type), new ValueInfo("hN", type)],
            [
                new Node("keep", new Mul(Attributes.None), ["h", "factor"], ["kept"]),
                new Node("add", new Add(Attributes.None), ["x", "kept"], ["hN"]),
                new Node("copy", new Identity(Attributes.None), ["hN"], ["y"]),
            ],
            new WeightSet([new Weight("factor", new DenseEncoding(Tensor.Scalar(factor)))])
        );
    }

    /// <summary>Random clips with random targets.</summary>
    public static Clips Noise()
    {
        var rng = new Random(1);
        Tensor Some() =>
            Tensor.Of(
                new Shape(Lengths.Sum(), 2),
                [.. Enumerable.Range(0, 2 * Lengths.Sum()).Select(_ => rng.NextSingle())]
            );
        return new Clips(new ArraySource("clips", [new("x", Some())], [new("t", Some())]), [0, 40, 47]);
    }

    /// <summary>The clips with the states that a network makes.</summary>
    public static StatefulSource Recorded(Network network)
    {
        using InferenceSession session = new InferenceModel(network).CreateSession();
        NetworkStates states = NetworkStates.Of(network, new Dictionary<string, string>(), ["x"]);
        return StatefulSource.Record(network, session, Noise(), states, Preprocessing.None);
    }

    /// <summary>What a network makes of the clips, its own states passed on by hand.</summary>
    public static float[][] ByHand(Network network)
    {
        using InferenceSession session = new InferenceModel(network).CreateSession();
        Tensor frames = Noise().Read([.. Enumerable.Range(0, Lengths.Sum())]).Inputs[0];
        var made = new List<float[]>();
        foreach (int length in Lengths)
        {
            Tensor state = Tensor.Zeros(ElementType.Float32, new Shape(1, 2));
            for (int i = 0; i < length; i++)
            {
                IReadOnlyList<Tensor> outputs = session.Run([Rows.Take(frames, [made.Count]), state]);
                made.Add(outputs[0].Array<float>());
                state = outputs[1];
            }
        }
        return [.. made];
    }
}

/// <summary>Arrays whose examples are clips.</summary>
internal sealed class Clips(ArraySource values, ImmutableArray<int> starts) : IDataSource
{
    public string Name => values.Name;

    public int Count => values.Count;

    public ImmutableArray<DataField> Inputs => values.Inputs;

    public ImmutableArray<DataField> Targets => values.Targets;

    public ImmutableArray<int> Starts => starts;

    public string Fingerprint => values.Fingerprint;

    public Batch Read(ReadOnlySpan<int> indices) => values.Read(indices);

    public IDataSource Take(ReadOnlySpan<int> indices) => values.Take(indices);
}
