using System.Collections.Immutable;
using Decant.Core;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

[Collection("libtorch")]
public sealed class RecurrentOnTorchTests
{
    [TorchFact]
    public void LongShortTermMemories() =>
        Compare(
            "LSTM",
            60,
            rng => Draw(rng, 4, ["Sigmoid", "Tanh", "Tanh"], ("input_forget", (long)rng.Next(2)), cell: true),
            atLeast: 60,
            outputs: 3
        );

    [TorchFact]
    public void GatedUnits() =>
        Compare(
            "GRU",
            60,
            rng => Draw(rng, 3, ["Sigmoid", "Tanh"], ("linear_before_reset", (long)rng.Next(2)), cell: false),
            atLeast: 60,
            outputs: 2
        );

    [TorchFact]
    public void PlainNetworks() =>
        Compare("RNN", 40, rng => Draw(rng, 1, ["Relu"], null, cell: false), atLeast: 40, outputs: 2);

    [TorchFact]
    public void TheyEqualThoseOfLibtorch()
    {
        foreach (bool both in new[] { false, true })
        {
            AgainstLibtorch("LSTM", "aten::lstm.input", 4, [0, 2, 3, 1], 2, both);
            AgainstLibtorch("GRU", "aten::gru.input", 3, [1, 0, 2], 1, both);
            AgainstLibtorch("RNN", "aten::rnn_tanh.input", 1, [0], 1, both);
        }
    }

    /// <summary>libtorch has the same gates in another order: place i of its own is gate order[i] of ONNX.</summary>
    private static void AgainstLibtorch(string type, string name, int gates, int[] theirPlace, int states, bool both)
    {
        const int Steps = 5,
            Batch = 7,
            Input = 6,
            Hidden = 19;
        var rng = new Rng(3);
        int directions = both ? 2 : 1;
        Tensor x = Random(rng, Steps, Batch, Input),
            w = Random(rng, directions, gates * Hidden, Input),
            r = Random(rng, directions, gates * Hidden, Hidden);
        Tensor b = Random(rng, directions, 2 * gates * Hidden);
        Tensor[] first = [.. Enumerable.Range(0, states).Select(_ => Random(rng, directions, Batch, Hidden))];
        Attributes attributes = OneNode.With(
            ("direction", both ? "bidirectional" : "forward"),
            ("linear_before_reset", 1L)
        );
        Tensor?[] inputs = [x, w, r, b, null, .. first];
        IReadOnlyList<Tensor> actual = OneNode.RunAll(
            type,
            type == "GRU" ? attributes : attributes.Without("linear_before_reset"),
            states + 1,
            1,
            inputs
        );
        using var scope = new TorchScope();
        TorchTensor Weight(Tensor t, int d, int width, int part) =>
            Ops.Cat(
                [
                    .. theirPlace.Select(g =>
                        Torch(t)
                            .Reshape(-1, Hidden, width)
                            .Slice(0, (d * part + g), d * part + g + 1)
                            .Reshape(Hidden, width)
                    ),
                ],
                0
            );
        TorchTensor Bias(int d, int half) =>
            Ops.Cat(
                [
                    .. theirPlace.Select(g =>
                        Torch(b)
                            .Reshape(-1)
                            .Slice(0, ((d * 2 + half) * gates + g) * Hidden, ((d * 2 + half) * gates + g + 1) * Hidden)
                    ),
                ],
                0
            );
        TorchTensor[] parameters =
        [
            .. Enumerable
                .Range(0, directions)
                .SelectMany(d =>
                    new[] { Weight(w, d, Input, gates), Weight(r, d, Hidden, gates), Bias(d, 0), Bias(d, 1) }
                ),
        ];
        TorchValue state = states == 2 ? (TorchTensor?[])[Torch(first[0]), Torch(first[1])] : Torch(first[0]);
        TorchTensor?[] expected = new TorchOp(name).CallMany(
            Torch(x),
            state,
            parameters,
            true,
            1,
            0.0,
            false,
            both,
            false
        );
        OneNode.Close(
            expected[0]!.Reshape(Steps, Batch, directions, Hidden).Transpose(1, 2).Contiguous().ToArray<float>(),
            actual[0]
        );
        for (int i = 1; i <= states; i++)
            OneNode.Close(expected[i]!.ToArray<float>(), actual[i]);
    }

    private static TorchTensor Torch(Tensor t) =>
        TorchTensor.From<float>(t.Span<float>(), [.. t.Shape.Dims.Select(d => (long)d)]);

    private static (Attributes, Tensor?[]) Draw(
        Rng rng,
        int gates,
        string[] functions,
        (string, object)? own,
        bool cell
    )
    {
        int steps = 1 + rng.Next(5),
            batch = 1 + rng.Next(8),
            input = 1 + rng.Next(6),
            hidden = 1 + rng.Next(21);
        string direction = new[] { "forward", "reverse", "bidirectional" }[rng.Next(3)];
        int d = direction == "bidirectional" ? 2 : 1;
        bool batchFirst = rng.Next(2) == 0;
        int[] state = batchFirst ? [batch, d, hidden] : [d, batch, hidden];
        List<(string, object)> attributes =
        [
            ("direction", direction),
            ("layout", batchFirst ? 1L : 0L),
            ("hidden_size", (long)hidden),
        ];
        if (rng.Next(3) == 0)
            attributes.Add(("clip", 0.6f));
        if (rng.Next(3) == 0)
            attributes.Add(("activations", Enumerable.Repeat(functions, d).SelectMany(f => f).ToImmutableArray()));
        if (own is { } o)
            attributes.Add(o);
        Tensor? Maybe(params int[] dims) => rng.Next(2) == 0 ? Random(rng, dims) : null;
        Tensor? lengths = rng.Next(2) == 0 ? Tensor.Vector(Many(rng, batch, 0, steps)) : null;
        List<Tensor?> inputs =
        [
            Random(rng, batchFirst ? [batch, steps, input] : [steps, batch, input]),
            Random(rng, d, gates * hidden, input),
            Random(rng, d, gates * hidden, hidden),
            Maybe(d, 2 * gates * hidden),
            lengths,
            Maybe(state),
        ];
        if (cell)
            inputs.AddRange([Maybe(state), Maybe(d, 3 * hidden)]);
        return (OneNode.With([.. attributes]), [.. inputs]);
    }
}
