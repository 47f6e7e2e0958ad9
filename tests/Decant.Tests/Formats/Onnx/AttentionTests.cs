using Decant.Benchmarking;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Attention and RotaryEmbedding of the standard give ONNX Runtime's answers.</summary>
[Collection("libtorch")]
public sealed class AttentionTests
{
    private const int Batch = 2,
        Width = 4;

    /// <summary>
    /// Whether heads are joined (3 axes), heads of Q and of K, lengths of Q and K, and words: causal, softcap, scale,
    /// past, filled, a mask's shape (b bool, f float), which scores are shown.
    /// </summary>
    public static TheoryData<string> Cases =>
        [
            "4 2 2 5 5",
            "3 2 2 5 5",
            "3 2 2 3 7",
            "4 6 2 3 7",
            "3 6 2 3 7",
            "3 6 1 3 7 scale",
            "4 2 2 3 7 scale softcap",
            "4 2 2 5 5 causal",
            "3 4 2 5 5 causal softcap",
            "4 2 2 3 3 causal past",
            "3 4 2 3 3 causal past b3x7",
            "3 4 2 3 3 past f3x7",
            "4 2 2 3 7 b3x7",
            "4 2 2 3 7 f3x7",
            "4 4 2 3 7 b2x1x3x7",
            "3 4 2 3 7 f2x4x3x7 softcap",
            "4 2 2 3 7 f1x2x3x7 causal",
            "4 4 2 3 7 b1x1x3x7 causal",
            "4 2 2 3 7 f3x7 softcap show0",
            "4 2 2 3 7 f3x7 softcap show1",
            "4 2 2 3 7 f3x7 softcap show2",
            "4 4 2 3 7 f3x7 softcap show3",
            "4 2 2 3 7 f3x7 show1",
            "4 2 2 3 7 f3x7 show2",
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AttentionIsSoftmaxOfScores(string text)
    {
        foreach (int opset in new[] { 23, 24 })
        foreach (bool isOpen in new[] { false, true })
            Agrees(text, opset, isOpen);
    }

    private static void Agrees(string text, int opset, bool isOpen)
    {
        string[] words = text.Split(' ');
        int[] n = [.. words[..5].Select(w => int.Parse(w, System.Globalization.CultureInfo.InvariantCulture))];
        bool isFlat = n[0] == 3;
        var rng = Rng.For(1, "attention", text);
        var inputs = new List<Tensor>();
        var model = new OnnxModelBuilder(opset).Output("y");
        string read = "",
            made = "y";

        void Add(string name, Tensor values, params object[] open)
        {
            inputs.Add(values);
            object[] known = [.. values.Shape.Dims.Select(d => (object)d)];
            model.Input(name, values.Type, isOpen && open.Length > 0 ? open : known);
            read += $"{name} ";
        }

        Tensor Heads(int heads, int length) =>
            isFlat ? Random(rng, Batch, length, heads * Width) : Random(rng, Batch, heads, length, Width);
        object[] Open(int heads, string length) => isFlat ? ["b", length, heads * Width] : ["b", heads, length, Width];

        Add("q", Heads(n[1], n[3]), Open(n[1], "s"));
        Add("k", Heads(n[2], n[4]), Open(n[2], "t"));
        Add("v", Heads(n[2], n[4]), Open(n[2], "t"));
        if (words.FirstOrDefault(w => w[0] is 'b' or 'f') is { } mask)
        {
            int[] shape = [.. mask[1..].Split('x').Select(w => w[0] - '0')];
            Tensor values = Random(rng, shape);
            bool[] allowed = [.. values.Array<float>().Select((v, i) => v > -0.3 || i % shape[^1] == 0)];
            Add("m", mask[0] == 'b' ? Tensor.Of(values.Shape, allowed) : values);
        }
        else
            read += "- ";
        if (words.Contains("past"))
        {
            Add("pk", Random(rng, Batch, n[2], 4, Width), "b", n[2], "p", Width);
            Add("pv", Random(rng, Batch, n[2], 4, Width), "b", n[2], "p", Width);
            made += " ck cv";
            model.Output("ck").Output("cv");
        }
        var attributes = new List<(string, object)>();
        if (isFlat)
            attributes.AddRange([("q_num_heads", (long)n[1]), ("kv_num_heads", (long)n[2])]);
        foreach (string word in words[5..])
            if (word == "causal")
                attributes.Add(("is_causal", 1L));
            else if (word is "scale" or "softcap")
                attributes.Add((word, 0.7f));
            else if (word.StartsWith("show", StringComparison.Ordinal))
            {
                attributes.Add(("qk_matmul_output_mode", (long)(word[4] - '0')));
                made += " - - shown";
                model.Output("shown");
            }
        Peer.Agrees(model.Node("Attention", read, made, [.. attributes]), [.. inputs]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void KeysThatACacheDoesNotHoldDoNotCount(bool isCausal, bool hasMask)
    {
        var rng = new Rng(7);
        OnnxModelBuilder model = new OnnxModelBuilder(24)
            .Input("q", "b", 2, "s", Width)
            .Input("k", "b", 2, "t", Width)
            .Input("v", "b", 2, "t", Width)
            .Input("n", ElementType.Int64, "b")
            .Input("m", ElementType.Bool, 3, 8)
            .Output("y")
            .Node("Attention", $"q k v {(hasMask ? "m" : "-")} - - n", "y", ("is_causal", isCausal ? 1L : 0L));
        bool[] mask = [.. Enumerable.Range(0, 24).Select(i => i % 3 < 2)];
        Peer.Agrees(
            model,
            [
                Random(rng, Batch, 2, 3, Width),
                Random(rng, Batch, 2, 8, Width),
                Random(rng, Batch, 2, 8, Width),
                Tensor.Vector(5L, 8),
                Tensor.Of(new Shape(3, 8), mask),
            ]
        );
    }

    [Fact]
    public void HalvesAreComputedInFloats()
    {
        var rng = new Rng(7);
        OnnxModelBuilder model = new OnnxModelBuilder(23)
            .Input("x", ElementType.Float16, "b", "s", 8)
            .Input("m", ElementType.Float16, "s", "s")
            .Input("c", ElementType.Float16, 10, 2)
            .Input("n", ElementType.Float16, 10, 2)
            .Input("p", ElementType.Int64, "b", "s")
            .Output("y", ElementType.Float16)
            .Node("RotaryEmbedding", "x c n p", "r", ("num_heads", 2L))
            .Node("Attention", "r x x m", "y", ("q_num_heads", 2L), ("kv_num_heads", 2L));
        Tensor[] fed =
        [
            Halves(Random(rng, 2, 5, 8)),
            Halves(Random(rng, 5, 5)),
            Halves(Random(rng, 10, 2)),
            Halves(Random(rng, 10, 2)),
            Tensor.Of(new Shape(2, 5), new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }),
        ];
        Peer.Agrees(model, fed, 3e-3);
    }

    [Fact]
    public void AShortMaskHidesTheKeysAfterIt()
    {
        // ONNX Runtime takes masks of the whole length only.
        var rng = new Rng(7);
        Tensor[] heads = [Random(rng, 1, 2, 3, Width), Random(rng, 1, 2, 7, Width), Random(rng, 1, 2, 7, Width)];
        float[] values = Random(rng, 3, 5).Array<float>();
        bool[] flags = [.. values.Select(v => v > -0.5)];
        float[] padded = [.. Padded(values, float.NegativeInfinity)];
        bool[] hidden = [.. Padded(flags, false)];
        Agrees(Tensor.Of(new Shape(3, 5), values), Tensor.Of(new Shape(3, 7), padded));
        Agrees(Tensor.Of(new Shape(3, 5), flags), Tensor.Of(new Shape(3, 7), hidden));

        void Agrees(Tensor mask, Tensor whole)
        {
            using var peer = new OnnxRuntimeSession(Masked(24, whole).Build());
            Peer.Gives(peer.Run([.. heads, whole]), Masked(24, mask).Build(), [.. heads, mask]);
        }
    }

    private static IEnumerable<T> Padded<T>(T[] rows, T value) =>
        rows.Chunk(5).SelectMany(row => row.Concat([value, value]));

    [Fact]
    public void ARowThatMayReadNothingIsZero()
    {
        var rng = new Rng(7);
        Tensor[] heads = [Random(rng, 1, 2, 3, Width), Random(rng, 1, 2, 4, Width), Random(rng, 1, 2, 4, Width)];
        bool[] flags = [.. Enumerable.Range(0, 12).Select(i => i / 4 != 1)];
        float[] values = Array.ConvertAll(flags, f => f ? 0.5f : float.NegativeInfinity);
        foreach (Tensor mask in new[] { Tensor.Of(new Shape(3, 4), flags), Tensor.Of(new Shape(3, 4), values) })
            Peer.Agrees(Masked(23, mask), [.. heads, mask]);
    }

    private static OnnxModelBuilder Masked(int opset, Tensor mask) =>
        new OnnxModelBuilder(opset)
            .Input("q", 1, 2, 3, Width)
            .Input("k", 1, 2, "t", Width)
            .Input("v", 1, 2, "t", Width)
            .Input("m", mask.Type, [.. mask.Shape.Dims.Select(d => (object)d)])
            .Output("y")
            .Node("Attention", "q k v m", "y");

    [Theory]
    [InlineData("Attention", "q k v", "qk_matmul_output_mode is 4", "qk_matmul_output_mode", 4L)]
    [InlineData("Attention", "q k v", "attribute 'heads'", "heads", 4L)]
    [InlineData("Attention", "q k", "3 to 7 are expected")]
    [InlineData("Attention", "q v k", "6 heads of Q cannot share 4")]
    [InlineData("Attention", "f f f", "q_num_heads is not given")]
    [InlineData("Attention", "q k f", "3 each or 4 each")]
    [InlineData("Attention", "q k k - k", "come together")]
    [InlineData("RotaryEmbedding", "f f f", "num_heads is not given")]
    [InlineData("RotaryEmbedding", "q f", "3 to 4 are expected")]
    [InlineData("RotaryEmbedding", "q f f", "an even number is expected", "rotary_embedding_dim", 3L)]
    [InlineData("RotaryEmbedding", "q q q", "3 are expected without positions")]
    public void WhatDoesNotFitIsRefused(string type, string read, string message, string? name = null, long value = 0)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(23)
            .Input("q", 1, 6, 3, 4)
            .Input("k", 1, 3, 3, 4)
            .Input("v", 1, 4, 3, 4)
            .Input("f", 1, 3, 8)
            .Output("y");
        Peer.Refused(name is null ? model.Node(type, read, "y") : model.Node(type, read, "y", (name, value)), message);
    }

    public static TheoryData<bool, bool, int, bool, bool> Rotations
    {
        get
        {
            var all = new TheoryData<bool, bool, int, bool, bool>();
            foreach (bool isFlat in new[] { false, true })
            foreach (bool isInterleaved in new[] { false, true })
            foreach (int rotated in new[] { 0, 4, 8 })
            foreach (bool hasPositions in new[] { false, true })
            foreach (bool isOpen in new[] { false, true })
                all.Add(isFlat, isInterleaved, rotated, hasPositions, isOpen);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void RotaryEmbeddingTurnsPairs(bool isFlat, bool isInterleaved, int rotated, bool hasPositions, bool isOpen)
    {
        const int heads = 3,
            length = 5,
            size = 8;
        var rng = new Rng(9);
        int angles = (rotated == 0 ? size : rotated) / 2;
        object batch = isOpen ? "b" : Batch,
            steps = isOpen ? "s" : length;
        OnnxModelBuilder model = new OnnxModelBuilder(23)
            .Input("x", isFlat ? [batch, steps, heads * size] : [batch, heads, steps, size])
            .Input("c", hasPositions ? [20, angles] : [batch, steps, angles])
            .Input("n", hasPositions ? [20, angles] : [batch, steps, angles])
            .Output("y");
        int[] cache = hasPositions ? [20, angles] : [Batch, length, angles];
        List<Tensor> inputs =
        [
            isFlat ? Random(rng, Batch, length, heads * size) : Random(rng, Batch, heads, length, size),
            Random(rng, cache),
            Random(rng, cache),
        ];
        if (hasPositions)
        {
            model.Input("p", ElementType.Int64, batch, steps);
            long[] positions = [.. Enumerable.Range(0, Batch * length).Select(i => i * 7L % 20)];
            inputs.Add(Tensor.Of(new Shape(Batch, length), positions));
        }
        List<(string, object)> attributes = [("interleaved", isInterleaved ? 1L : 0L)];
        if (isFlat)
            attributes.Add(("num_heads", (long)heads));
        if (rotated > 0)
            attributes.Add(("rotary_embedding_dim", (long)rotated));
        model.Node("RotaryEmbedding", hasPositions ? "x c n p" : "x c n", "y", [.. attributes]);
        Peer.Agrees(model, [.. inputs]);
    }
}
