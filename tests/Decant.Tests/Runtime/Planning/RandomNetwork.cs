using System.Collections.Immutable;
using Decant.Core;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

/// <summary>Random networks of what plans compute by stages of their own, with kernels in between.</summary>
internal sealed class RandomNetwork
{
    private readonly NetworkDraft draft = new();
    private readonly Rng rng;
    private int computed;

    private RandomNetwork(Rng rng) => this.rng = rng;

    /// <summary>A network of some layers over images of one or two axes.</summary>
    public static Network Of(ulong seed)
    {
        var random = new RandomNetwork(new Rng(seed));
        Rng rng = random.rng;
        bool row = rng.Next(5) == 0;
        int channels = random.Channels();
        var shape = row
            ? new Shape(1, channels, 3 + rng.Next(30))
            : new Shape(1, channels, 3 + rng.Next(12), 3 + rng.Next(12));
        random.draft.Input("x", shape);
        if (rng.Next(3) == 0)
            random.draft.Input("z", shape);
        for (int i = 3 + rng.Next(10); i > 0; i--)
            random.Layer();
        return random.draft.Build((_, leaf) => rng.Next(10) < (leaf ? 8 : 1));
    }

    private void Layer()
    {
        string x = Pick(_ => true);
        if (draft.Shape(x).Rank < 3)
        {
            Product(x);
            return;
        }
        switch (rng.Next(20))
        {
            case < 6:
                Convolution(x);
                break;
            case 6 or 7:
                Pool(x);
                break;
            case 8:
                Cut(x);
                break;
            case 9:
                draft.Add(
                    "Pad",
                    With(),
                    x,
                    Pads(draft.Shape(x).Rank),
                    draft.Weight(Tensor.Scalar((float)rng.NextDouble(-1, 1)))
                );
                break;
            case 10:
                Sum(x);
                break;
            case 11:
                Join(x);
                break;
            case 12:
                draft.Add("GlobalAveragePool", With(), x);
                break;
            case 13:
                Constant(x);
                break;
            case 14:
                Normalize(x);
                break;
            case 15:
                Kernel(x);
                break;
            case 16:
                if (rng.Next(2) == 0)
                    draft.Add("Sigmoid", With(), x);
                else
                    draft.Add("Split", With(("axis", 1L), ("num_outputs", 2L)), 2, x);
                break;
            case 17:
                draft.Add(rng.Next(2) == 0 ? "Sub" : "Mul", With(), x, Pick(v => draft.Shape(v) == draft.Shape(x)));
                break;
            default:
                Flat(x);
                break;
        }
    }

    private void Convolution(string x)
    {
        Shape s = draft.Shape(x);
        int channels = s[1],
            axes = s.Rank - 2,
            group = rng.Next(4) switch
            {
                0 => channels,
                1 => new[] { 2, 3, 4 }.FirstOrDefault(g => channels % g == 0, 1),
                _ => 1,
            };
        int outputs = group == 1 ? Channels() : group * (1 + rng.Next(group == channels ? 2 : 5));
        bool plain = rng.Next(3) == 0; // What Winograd computes must be frequent.
        int[] kernel = [.. Enumerable.Range(0, axes).Select(_ => plain ? 3 : 1 + rng.Next(4))];
        string w = Weights(
            new Shape([outputs, channels / group, .. kernel]),
            channels / group * kernel.Aggregate(1, (a, b) => a * b)
        );
        string[] bias = rng.Next(2) == 0 ? [Weights(new Shape(outputs), 1)] : [];
        var attributes = With(
            ("group", (long)group),
            ("strides", Many(axes, 1, plain ? 1 : 3)),
            ("dilations", Many(axes, 1, plain ? 1 : 1 + rng.Next(2))),
            ("pads", Many(2 * axes, 0, 2))
        );
        if (draft.Add("Conv", attributes, [x, w, .. bias]) is not { } y)
            return;
        if (rng.Next(3) == 0)
            y = Normalize(y) ?? y;
        if (rng.Next(3) == 0)
            y = Sum(y) ?? y;
        if (rng.Next(2) == 0)
            Clamp(y);
    }

    private void Pool(string x)
    {
        int axes = draft.Shape(x).Rank - 2;
        bool halves = rng.Next(3) == 0;
        long[] kernel = [.. Many(axes, halves ? 2 : 1, halves ? 2 : 3)];
        bool dilated = !halves && rng.Next(3) == 0;
        // No window may lie in the padding alone: its mean would be undefined.
        ImmutableArray<long> pads =
            halves || dilated
                ? [.. new long[2 * axes]]
                : [.. kernel.Concat(kernel).Select(k => (long)rng.Next((int)k))];
        (string, object)[] attributes =
        [
            ("kernel_shape", kernel.ToImmutableArray()),
            ("strides", Many(axes, halves ? 2 : 1, halves ? 2 : 3)),
            ("pads", pads),
            ("ceil_mode", (long)rng.Next(2)),
            ("dilations", Many(axes, 1, dilated ? 2 : 1)),
        ];
        if (rng.Next(2) == 0)
            draft.Add("MaxPool", With(attributes), x);
        else
            draft.Add("AveragePool", With([.. attributes, ("count_include_pad", (long)rng.Next(2))]), x);
    }

    /// <summary>Slices with steps, backwards too.</summary>
    private void Cut(string x)
    {
        Shape s = draft.Shape(x);
        var (starts, ends, axes, steps) = (new List<long>(), new List<long>(), new List<long>(), new List<long>());
        for (int axis = 1; axis < s.Rank; axis++)
        {
            if (rng.Next(2) == 0)
                continue;
            int step = axis > 1 && rng.Next(4) == 0 ? -1 - rng.Next(2) : 1 + rng.Next(2),
                from = rng.Next(s[axis]);
            axes.Add(axis);
            steps.Add(step);
            starts.Add(from);
            ends.Add(step > 0 ? s[axis] - rng.Next(2) : -1 - s[axis]);
        }
        draft.Add("Slice", With(), x, Longs(starts), Longs(ends), Longs(axes), Longs(steps));
    }

    /// <summary>A sum with a value of the same shape, on either side.</summary>
    private string? Sum(string x)
    {
        string other = Pick(v => draft.Shape(v) == draft.Shape(x));
        return rng.Next(2) == 0 ? draft.Add("Add", With(), x, other) : draft.Add("Add", With(), other, x);
    }

    /// <summary>
    /// Joins channels: of branches that are made for it, so that they may be computed in place, or of values that
    /// others read too.
    /// </summary>
    private void Join(string x)
    {
        var parts = new List<string>();
        for (int i = 1 + rng.Next(3); i >= 0; i--)
        {
            Shape s = draft.Shape(x);
            string? part = rng.Next(5) switch
            {
                0 => Pick(v => draft.Shape(v) is { Rank: > 2 } o && o.Rank == s.Rank && o.With(1, 1) == s.With(1, 1)),
                1 => draft.Add(
                    rng.Next(2) == 0 ? "MaxPool" : "AveragePool",
                    With(("kernel_shape", Many(s.Rank - 2, 3, 3)), ("pads", Many(2 * s.Rank - 4, 1, 1))),
                    x
                ),
                _ => Branch(x),
            };
            if (part is not null)
                parts.Add(part);
        }
        if (parts.Count > 0)
            draft.Add("Concat", With(("axis", 1L)), [.. parts]);
    }

    private string? Branch(string x)
    {
        Shape s = draft.Shape(x);
        int axes = s.Rank - 2,
            outputs = Channels(),
            kernel = rng.Next(2) == 0 ? 1 : 3;
        var shape = new Shape([outputs, s[1], .. Enumerable.Repeat(kernel, axes)]);
        string w = Weights(shape, s[1] * kernel * kernel);
        string? y = draft.Add("Conv", With(("pads", Many(2 * axes, kernel / 2, kernel / 2))), x, w);
        if (y is not null && rng.Next(3) == 0)
            y = Normalize(y) ?? y;
        if (y is not null && rng.Next(3) == 0)
            y = Sum(y) ?? y;
        return y is null || rng.Next(2) == 0 ? y : Clamp(y);
    }

    private string? Clamp(string x) =>
        rng.Next(3) > 0
            ? draft.Add("Relu", With(), x)
            : rng.Next(3) switch
            {
                0 => draft.Add(
                    "Clip",
                    With(),
                    x,
                    draft.Weight(Tensor.Scalar(-0.25f)),
                    draft.Weight(Tensor.Scalar(0.5f))
                ),
                1 => draft.Add("Clip", With(), x, "", draft.Weight(Tensor.Scalar(0.3f))),
                _ => draft.Add("Clip", With(), x, draft.Weight(Tensor.Scalar(0.1f))),
            };

    private string? Normalize(string x)
    {
        int channels = draft.Shape(x)[1];
        string Row(double low, double high) => draft.Weight(Numbers(new Shape(channels), low, high));
        return draft.Add(
            "BatchNormalization",
            With(("epsilon", 0.01f)),
            x,
            Row(-1, 1),
            Row(-1, 1),
            Row(-0.5, 0.5),
            Row(0.5, 2)
        );
    }

    /// <summary>
    /// An element-wise layer with a constant: one for all, one a channel, one a column, or of the value's shape.
    /// </summary>
    private void Constant(string x)
    {
        Shape s = draft.Shape(x);
        Shape own = rng.Next(6) switch
        {
            0 => Core.Shape.Scalar,
            1 => new Shape(1),
            2 => new Shape([s[1], .. Enumerable.Repeat(1, s.Rank - 2)]),
            3 => new Shape([1, s[1], .. Enumerable.Repeat(1, s.Rank - 2)]),
            4 => new Shape(s[-1]),
            _ => s,
        };
        string constant = draft.Weight(Numbers(own, 0.5, 1.5)),
            type = new[] { "Add", "Sub", "Mul", "Div" }[rng.Next(4)];
        string? y =
            rng.Next(2) == 0 && type != "Div"
                ? draft.Add(type, With(), constant, x)
                : draft.Add(type, With(), x, constant);
        if (y is not null && rng.Next(2) == 0)
            Clamp(y);
    }

    private void Kernel(string x)
    {
        Shape s = draft.Shape(x);
        switch (rng.Next(5))
        {
            case 0:
                draft.Add("Softmax", With(("axis", (long)(1 + rng.Next(s.Rank - 1)))), x);
                break;
            case 1:
                draft.Add("Tanh", With(), x);
                break;
            case 2:
                draft.Add("LeakyRelu", With(("alpha", 0.2f)), x);
                break;
            case 3:
                draft.Add("Identity", With(), x);
                break;
            default:
                draft.Add("Transpose", With(("perm", s.Rank == 3 ? Ints(0, 2, 1) : Ints(0, 1, 3, 2))), x);
                break;
        }
    }

    private void Flat(string x)
    {
        Shape s = draft.Shape(x);
        switch (rng.Next(4))
        {
            case 0:
                draft.Add("Reshape", With(), x, Longs([0, -1, s[1]]));
                break;
            case 1:
                draft.Add("Reshape", With(), x, Longs([0, s[1], -1, 1]));
                break;
            default:
                if (
                    (
                        rng.Next(2) == 0
                            ? draft.Add("Flatten", With(("axis", 1L)), x)
                            : draft.Add("Reshape", With(), x, Longs([0, -1]))
                    ) is
                    { } flat
                )
                    Product(flat);
                break;
        }
    }

    /// <summary>A fully connected layer over the last axis.</summary>
    private void Product(string x)
    {
        Shape s = draft.Shape(x);
        int depth = s[-1],
            outputs = 1 + rng.Next(rng.Next(2) == 0 ? 40 : 200);
        string? y;
        if (s.Rank == 2 && rng.Next(2) == 0)
        {
            bool transposed = rng.Next(2) == 0;
            string w = Weights(transposed ? new Shape(outputs, depth) : new Shape(depth, outputs), depth);
            string[] c = rng.Next(5) switch
            {
                0 => [],
                1 => [draft.Weight(Random(rng))],
                2 => [draft.Weight(Random(rng, 1, outputs))],
                3 => [draft.Weight(Random(rng, 1))],
                _ => [draft.Weight(Random(rng, outputs))],
            };
            y = draft.Add(
                "Gemm",
                With(
                    ("transB", transposed ? 1L : 0),
                    ("alpha", rng.Next(2) == 0 ? 1f : -0.7f),
                    ("beta", rng.Next(2) == 0 ? 1f : 0.3f)
                ),
                [x, w, .. c]
            );
        }
        else
        {
            y = draft.Add("MatMul", With(), x, Weights(new Shape(depth, outputs), depth));
            string bias = draft.Weight(Random(rng, rng.Next(3) == 0 ? [1, outputs] : [outputs]));
            if (y is not null && rng.Next(3) > 0)
                y = rng.Next(2) == 0 ? draft.Add("Add", With(), y, bias) : draft.Add("Add", With(), bias, y);
        }
        if (y is not null && rng.Next(2) == 0)
            Clamp(y);
    }

    /// <summary>
    /// A weight of some encoding, or now and then a value that is computed: no layer is planned for that as for a
    /// constant.
    /// </summary>
    private string Weights(Shape shape, int terms)
    {
        if (rng.Next(6) > 0)
            return draft.Weight(Weight(shape, terms));
        string fed = draft.Input($"fed{computed++}", shape, openBatch: false);
        string scaled = draft.Weight(Tensor.Scalar((float)Math.Sqrt(3.0 / terms)));
        return draft.Add("Mul", With(), fed, scaled) ?? fed;
    }

    /// <summary>Numbers that keep a value's size; a third of the weights are mostly zeros.</summary>
    private Encoding Weight(Shape shape, int terms)
    {
        double most = Math.Sqrt(3.0 / terms),
            density = rng.Next(3) == 0 ? 0.02 + 0.1 * rng.NextDouble() : 1;
        Tensor tensor = Numbers(shape, -most / Math.Sqrt(density), most / Math.Sqrt(density));
        foreach (ref float v in tensor.Span<float>())
            if (rng.NextDouble() > density)
                v = 0;
        return density < 1 && rng.Next(2) == 0 ? SparseEncoding.FromNonZeros(tensor) : new DenseEncoding(tensor);
    }

    private Tensor Numbers(Shape shape, double low, double high) =>
        Tensor.Of(shape, Enumerable.Range(0, (int)shape.Count).Select(_ => (float)rng.NextDouble(low, high)).ToArray());

    /// <summary>One of the values that fit, the later the likelier; there is always one.</summary>
    private string Pick(Func<string, bool> fits)
    {
        string[] all = [.. draft.Values.Where(fits)];
        return all[Math.Max(rng.Next(all.Length), rng.Next(all.Length))];
    }

    private int Channels() => new[] { 1, 2, 3, 4, 5, 7, 8, 16, 16, 17, 24, 32, 32, 35, 48 }[rng.Next(15)];

    private string Pads(int rank) =>
        Longs([
            0,
            rng.Next(3),
            .. Enumerable.Range(2, rank - 2).Select(_ => (long)rng.Next(3)),
            0,
            rng.Next(3),
            .. Enumerable.Range(2, rank - 2).Select(_ => (long)rng.Next(3)),
        ]);

    private string Longs(IEnumerable<long> values) => draft.Weight(Tensor.Vector(values.ToArray()));

    private ImmutableArray<long> Many(int count, int low, int high) =>
        [.. Enumerable.Range(0, count).Select(_ => (long)(low + rng.Next(high - low + 1)))];
}
