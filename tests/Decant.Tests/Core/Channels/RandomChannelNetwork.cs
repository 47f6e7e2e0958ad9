using System.Collections.Immutable;
using Decant.Core;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Channels;

/// <summary>
/// Random networks of operators that channels go through: residual sums, joins, splits, shortcuts that pad, groups,
/// cells.
/// </summary>
internal sealed class RandomChannelNetwork
{
    private readonly ChannelDraft draft = new();
    private readonly Rng rng;
    private int names;

    private RandomChannelNetwork(Rng rng) => this.rng = rng;

    /// <summary>A network over images, or over sequences.</summary>
    public static Network Of(ulong seed)
    {
        var random = new RandomChannelNetwork(Rng.For(seed, "channels"));
        Rng rng = random.rng;
        string end = rng.Next(5) == 0 ? random.Sequence() : random.Images();
        return random.draft.Build(end);
    }

    private string Images()
    {
        string x = Convolution(draft.Input("x", 1, 1 + rng.Next(3), 5 + rng.Next(4), 5 + rng.Next(4)));
        for (int i = 2 + rng.Next(7); i > 0; i--)
            x = Layer(x);
        return Head(x);
    }

    private string Layer(string x) =>
        rng.Next(15) switch
        {
            0 or 1 => Residual(x),
            2 => Padded(x),
            3 => Join(x),
            4 => Shuffle(x),
            5 => Attend(x),
            6 => Pool(x),
            7 => Convolution(x, group: draft.Shape(x)[1]),
            8 => Convolution(x, group: draft.Shape(x)[1] % 2 == 0 ? 2 : 1),
            9 => Constant(x),
            10 => Function(Norm(x)),
            11 => ChannelShuffle(x),
            12 => Transposed(x),
            _ => Convolution(x),
        };

    private string Convolution(string x, int group = 1, int outputs = 0, int kernel = 0)
    {
        int channels = draft.Shape(x)[1];
        if (kernel == 0)
            kernel = rng.Next(2) == 0 ? 1 : 3;
        if (outputs == 0)
            outputs = group == 1 ? 2 + rng.Next(7) : group * (1 + rng.Next(2));
        string w = draft.Weight(Numbers(outputs, channels / group, kernel, kernel));
        string[] bias = rng.Next(3) > 0 ? [draft.Weight(Random(rng, outputs))] : [];
        string y = Add("Conv", With(("group", (long)group), ("pads", Same(kernel))), [x, w, .. bias]);
        if (rng.Next(2) == 0)
            y = Norm(y);
        return rng.Next(4) > 0 ? Function(y) : y;
    }

    private string Residual(string x)
    {
        int channels = draft.Shape(x)[1];
        string y = Convolution(Convolution(x), outputs: channels);
        return rng.Next(3) == 0
            ? Add("Sum", With(), x, y, Convolution(x, outputs: channels))
            : Function(Add(rng.Next(4) == 0 ? "Mul" : "Add", With(), y, x));
    }

    /// <summary>A shortcut without weights: every second place, and channels of zeros around.</summary>
    private string Padded(string x)
    {
        Shape s = draft.Shape(x);
        int before = rng.Next(4),
            after = rng.Next(4);
        string cut = Add("Slice", With(), x, Longs(0, 0), Longs(int.MaxValue, int.MaxValue), Longs(2, 3), Longs(2, 2));
        string pads = Longs(0, before, 0, 0, 0, after, 0, 0);
        string shortcut =
            rng.Next(2) == 0
                ? Add("Pad", With(), cut, pads)
                : Add("Pad", With(), cut, pads, draft.Weight(Tensor.Scalar(0f)));
        string w = draft.Weight(Numbers(s[1] + before + after, s[1], 3, 3));
        return Function(
            Add("Add", With(), Norm(Add("Conv", With(("pads", Same(3)), ("strides", Ints(2, 2))), x, w)), shortcut)
        );
    }

    private string Join(string x)
    {
        string[] parts =
        [
            .. Enumerable.Range(0, 2 + rng.Next(2)).Select(i => i == 0 && rng.Next(2) == 0 ? x : Convolution(x)),
        ];
        return Add("Concat", With(("axis", rng.Next(2) == 0 ? 1L : -3)), parts);
    }

    /// <summary>Splits the channels, sends one part through a layer and joins the parts again.</summary>
    private string Shuffle(string x)
    {
        int channels = draft.Shape(x)[1],
            first = 1 + rng.Next(Math.Max(1, channels - 1));
        if (channels < 2)
            return x;
        string a,
            b;
        if (rng.Next(2) == 0)
        {
            string[] parts =
                rng.Next(2) == 0 || channels == 2
                    ? draft.Many($"split{names++}", "Split", With(("axis", 1L)), 2, x, Longs(first, channels - first))
                    : draft.Many($"split{names++}", "Split", With(("axis", -3L), ("num_outputs", 2L)), 2, x);
            (a, b) = (parts[0], parts[1]);
        }
        else
            (a, b) = (
                Add("Slice", With(), x, Longs(0), Longs(first), Longs(1)),
                Add("Slice", With(), x, Longs(first), Longs(channels), Longs(1))
            );
        return Add("Concat", With(("axis", 1L)), a, Convolution(b));
    }

    /// <summary>Squeeze and excitation: a factor for each channel, computed from all.</summary>
    private string Attend(string x)
    {
        int channels = draft.Shape(x)[1];
        string pooled =
            rng.Next(2) == 0 ? Add("GlobalAveragePool", With(), x) : Add("ReduceMean", With(), x, Longs(2, 3));
        string gate = Convolution(Convolution(pooled, kernel: 1), outputs: channels, kernel: 1);
        return Add("Mul", With(), x, Add("Sigmoid", With(), gate));
    }

    private string Pool(string x) =>
        rng.Next(3) switch
        {
            0 when draft.Shape(x)[2] > 1 && draft.Shape(x)[3] > 1 => Add(
                "MaxPool",
                With(("kernel_shape", Ints(2, 2))),
                x
            ),
            2 when draft.Shape(x)[2] < 9 => Add(
                "Resize",
                With(("mode", "nearest")),
                x,
                "",
                draft.Weight(Tensor.Vector(1f, 1, 2, 2))
            ),
            _ => Add("AveragePool", With(("kernel_shape", Ints(3, 3)), ("pads", Same(3))), x),
        };

    private string Constant(string x)
    {
        int channels = draft.Shape(x)[1];
        Tensor numbers = rng.Next(3) switch
        {
            0 => Random(rng, channels, 1, 1),
            1 => Random(rng),
            _ => Random(rng, 1, channels, 1, 1),
        };
        string type = new[] { "Add", "Mul", "Sub", "PRelu", "Max" }[rng.Next(5)],
            c = draft.Weight(numbers);
        return rng.Next(2) == 0 && type != "PRelu" ? Add(type, With(), c, x) : Add(type, With(), x, c);
    }

    private string ChannelShuffle(string x)
    {
        Shape s = draft.Shape(x);
        if (s[1] % 2 != 0)
            return x;
        string groups = Add("Reshape", With(), x, Longs(0, 2, s[1] / 2, s[2], s[3]));
        return Add(
            "Reshape",
            With(),
            Add("Transpose", With(("perm", Ints(0, 2, 1, 3, 4))), groups),
            Longs(0, rng.Next(2) == 0 ? -1 : s[1], s[2], s[3])
        );
    }

    /// <summary>A product over channels that stand last.</summary>
    private string Transposed(string x)
    {
        int channels = draft.Shape(x)[1],
            outputs = 2 + rng.Next(4);
        string last = Add("Transpose", With(("perm", Ints(0, 2, 3, 1))), x);
        return Add(
            "Transpose",
            With(("perm", Ints(0, 3, 1, 2))),
            Function(Add("MatMul", With(), last, draft.Weight(Numbers(channels, outputs))))
        );
    }

    private string Norm(string x)
    {
        int channels = draft.Shape(x)[1];
        string Row(double low, double high) =>
            draft.Weight(
                Tensor.Vector(Enumerable.Range(0, channels).Select(_ => (float)rng.NextDouble(low, high)).ToArray())
            );
        return Add("BatchNormalization", With(), x, Row(0.5, 1.5), Row(-0.5, 0.5), Row(-0.5, 0.5), Row(0.5, 2));
    }

    private string Function(string x) =>
        rng.Next(8) switch
        {
            < 4 => Add("Relu", With(), x),
            4 => Add("Sigmoid", With(), x),
            5 => Add("Clip", With(), x, draft.Weight(Tensor.Scalar(0.1f)), draft.Weight(Tensor.Scalar(2f))),
            6 => Add("LeakyRelu", With(("alpha", 0.1f)), x),
            _ => Add("Tanh", With(), x),
        };

    private string Head(string x)
    {
        if (rng.Next(2) == 0)
            x = Add("GlobalAveragePool", With(), x);
        string flat = rng.Next(3) switch
        {
            0 => Add("Flatten", With(("axis", 1L)), x),
            1 => Add("Reshape", With(), x, Longs(0, -1)),
            _ => Add("Reshape", With(), x, Longs(-1, draft.Shape(x).CountFrom(1))),
        };
        for (int i = rng.Next(3); i > 0; i--)
            flat = Function(Product(flat));
        string y = Product(flat);
        return rng.Next(2) == 0 ? y : Add("Softmax", With(("axis", 1L)), y);
    }

    private string Product(string x)
    {
        int depth = draft.Shape(x)[-1],
            outputs = 2 + rng.Next(6);
        bool transposed = rng.Next(2) == 0;
        if (rng.Next(3) == 0)
            return Add(
                "Add",
                With(),
                Add("MatMul", With(), x, draft.Weight(Numbers(depth, outputs))),
                draft.Weight(Random(rng, outputs))
            );
        string w = draft.Weight(transposed ? Numbers(outputs, depth) : Numbers(depth, outputs));
        string[] c = rng.Next(3) switch
        {
            0 => [],
            1 => [draft.Weight(Random(rng, 1, outputs))],
            _ => [draft.Weight(Random(rng, outputs))],
        };
        return Add("Gemm", With(("transB", transposed ? 1L : 0), ("alpha", 0.8f), ("beta", 1.5f)), [x, w, .. c]);
    }

    /// <summary>Recurrent layers, and a product over what they end with.</summary>
    private string Sequence()
    {
        string x = draft.Input("x", 1, 3, 4);
        x = Add("Transpose", With(("perm", Ints(1, 0, 2))), x);
        for (int i = 1 + rng.Next(2); i > 0; i--)
            x = Cell(x);
        string last = Add(
            "Squeeze",
            With(),
            Add("Slice", With(), x, Longs(-1), Longs(int.MaxValue), Longs(0)),
            Longs(0)
        );
        return Product(rng.Next(2) == 0 ? Function(Product(last)) : last);
    }

    private string Cell(string x)
    {
        int inputs = draft.Shape(x)[2],
            hidden = 3 + rng.Next(4),
            directions = 1 + rng.Next(2),
            kind = rng.Next(3);
        (string type, int gates) = kind switch
        {
            0 => ("RNN", 1),
            1 => ("GRU", 3),
            _ => ("LSTM", 4),
        };
        string[] bias = rng.Next(2) == 0 ? [draft.Weight(Random(rng, directions, 2 * gates * hidden))] : [];
        string y = Add(
            type,
            With(("hidden_size", (long)hidden), ("direction", directions == 2 ? "bidirectional" : "forward")),
            [
                x,
                draft.Weight(Numbers(directions, gates * hidden, inputs)),
                draft.Weight(Numbers(directions, gates * hidden, hidden)),
                .. bias,
            ]
        );
        return directions == 1
            ? Add("Squeeze", With(), y, Longs(1))
            : Add("Reshape", With(), Add("Transpose", With(("perm", Ints(0, 2, 1, 3))), y), Longs(0, 0, -1));
    }

    private string Add(string type, Attributes attributes, params string[] from) => draft.Add(type, attributes, from);

    private Encoding Numbers(params int[] dims)
    {
        Tensor tensor = Random(rng, dims);
        return rng.Next(4) == 0 ? SparseEncoding.FromNonZeros(tensor) : new DenseEncoding(tensor);
    }

    private string Longs(params long[] values) => draft.Longs(values);

    private static ImmutableArray<long> Same(int kernel) => [.. Enumerable.Repeat((long)(kernel / 2), 4)];
}
