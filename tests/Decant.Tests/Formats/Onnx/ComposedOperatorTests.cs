using System.Globalization;
using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Standard operators that others compute give ONNX Runtime's answers.</summary>
[Collection("libtorch")]
public sealed class ComposedOperatorTests
{
    public static TheoryData<string, string> Equations =>
        new()
        {
            { "ij,jk->ik", "2x3 3x4" },
            { "ij,kj->ik", "2x3 4x3" },
            { "bij,bjk->bik", "2x3x4 2x4x5" },
            { "bhid,bhjd->bhij", "2x3x4x5 2x3x6x5" },
            { "bqhd,bkhd->bhqk", "2x4x3x5 2x6x3x5" },
            { "bhqk,bkhd->bqhd", "2x3x4x6 2x6x3x5" },
            { "ij,ij->ij", "3x4 3x4" },
            { "i,j->ij", "3 4" },
            { "i,i->", "5 5" },
            { "ij->ji", "3x4" },
            { "ij->j", "3x4" },
            { "ij->", "3x4" },
            { "ij", "3x4" },
            { "ba", "3x4" },
            { "ij,jk", "2x3 3x4" },
            { "abc,cd->abd", "2x3x4 4x5" },
            { "abcd,cde->abe", "2x3x4x5 4x5x6" },
            { "abc,abd->cd", "2x3x4 2x3x5" },
            { "...ij,...jk->...ik", "2x3x4x5 2x3x5x6" },
            { "...d,d->...", "2x3x4 4" },
            { "b...i,ij->b...j", "2x3x4 4x5" },
            { "ij,jk,kl->il", "2x3 3x4 4x5" },
            { "ij,jk,ik->i", "2x3 3x4 2x4" },
            { " i j , j k -> i k ", "2x3 3x4" },
            { "ijk,l->ijkl", "2x3x4 2" },
            { "abi,cbi->acb", "2x3x4 5x3x4" },
        };

    [Theory]
    [MemberData(nameof(Equations))]
    public void EinsumIsWhatItsEquationSays(string equation, string shapes)
    {
        string[] operands = shapes.Split(' ');
        var known = new OnnxModelBuilder().Output("y");
        for (int i = 0; i < operands.Length; i++)
            known.Input($"x{i}", [.. operands[i].Split('x').Select(d => (object)Extent(d))]);
        string inputs = string.Join(' ', Enumerable.Range(0, operands.Length).Select(i => $"x{i}"));
        Agrees(known.Node("Einsum", inputs, "y", ("equation", equation)));
    }

    [Theory]
    [InlineData("bqhd,bkhd->bhqk", "2x4x3x5 2x6x3x5")]
    [InlineData("bij,bjk->bik", "2x3x4 2x4x5")]
    [InlineData("bsd,de->bse", "2x3x4 4x5")]
    public void EinsumTakesAnyBatchAndLength(string equation, string shapes)
    {
        string[] operands = shapes.Split(' ');
        var open = new OnnxModelBuilder().Output("y");
        for (int i = 0; i < operands.Length; i++)
        {
            string[] extents = operands[i].Split('x');
            open.Input(
                $"x{i}",
                [.. extents.Select((d, axis) => axis < 2 && extents.Length > 2 ? (object)$"{d}n" : Extent(d))]
            );
        }
        Agrees(open.Node("Einsum", "x0 x1", "y", ("equation", equation)), operands);
    }

    [Theory]
    [InlineData("ii->i", "takes a diagonal")]
    [InlineData("ij->ijk", "makes an axis that no operand has")]
    [InlineData("ij->ii", "or has one twice")]
    [InlineData("i->i", "gives operand 0 1 axes; it has 2")]
    [InlineData("ij,jk->ik", "not one of 1 operands")]
    [InlineData("i1->i", "labels that are no letters")]
    [InlineData("ij->i->j", "not one of 1 operands")]
    public void AWrongEquationIsRefusedInALine(string equation, string message)
    {
        OnnxModelBuilder model = new OnnxModelBuilder()
            .Input("x", 3, 3)
            .Output("y")
            .Node("Einsum", "x", "y", ("equation", equation));
        var refused = Assert.Throws<ModelException>(() => model.Read());
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("'n_y' (Einsum)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4x5", "3x1", "3x5")]
    [InlineData("4x5", "3x2", "3")]
    [InlineData("4x5x2", "2x3x2", "2x3x2")]
    [InlineData("6", "4x1", "4")]
    [InlineData("3x4x5x2", "2x3", "2x2")]
    public void ScatterNdWritesWhereIndicesSay(string data, string indices, string updates)
    {
        int[] shape = [.. data.Split('x').Select(Extent)],
            places = [.. indices.Split('x').Select(Extent)];
        Rng rng = Rng.For(3, "scatter", data);
        var taken = new HashSet<string>();
        var values = new List<long>();
        for (int n = 0; n < places[..^1].Aggregate(1, (a, b) => a * b); )
        {
            // An index below 0 counts from the end, and no place is written twice.
            int[] place = [.. Enumerable.Range(0, places[^1]).Select(i => rng.Next(shape[i]))];
            if (!taken.Add(string.Join(',', place)))
                continue;
            values.AddRange(place.Select((p, i) => (long)(n % 2 == 0 ? p : p - shape[i])));
            n++;
        }
        foreach (bool open in new[] { false, true })
            Agrees(
                new OnnxModelBuilder()
                    .Input("x", [.. shape.Select((d, i) => open ? (object)$"d{i}" : d)])
                    .Input("u", [.. updates.Split('x').Select(d => (object)Extent(d))])
                    .Output("y")
                    .Weight("i", Tensor.Of(new Shape(places), values.ToArray()))
                    .Node("ScatterND", "x i u", "y"),
                [data, updates]
            );
    }

    [OnnxRuntimeFact]
    public void WhatIsNoNumberOrInfiniteIsFound()
    {
        foreach (
            var (type, attributes) in new (string, (string, object)[])[]
            {
                ("IsNaN", []),
                ("IsInf", []),
                ("IsInf", [("detect_negative", 0L)]),
                ("IsInf", [("detect_positive", 0L)]),
                ("IsInf", [("detect_positive", 0L), ("detect_negative", 0L)]),
            }
        )
        {
            byte[] file = new OnnxModelBuilder()
                .Input("x", 2, 3)
                .Output("y", ElementType.Bool)
                .Node(type, "x", "y", attributes)
                .Build();
            Tensor x = Tensor.Of(
                new Shape(2, 3),
                new[] { 1, float.NaN, float.PositiveInfinity, 0, float.NegativeInfinity, -1 }
            );
            using var peer = new OnnxRuntimeSession(file);
            using var ours = new ReferenceExecutor(OnnxReader.Read(new MemoryStream(file)));
            Assert.Equal(peer.Run([x])[0].Array<bool>(), ours.Run([x])[0].Array<bool>());
        }
    }

    [Theory]
    [InlineData("linear", "zeros", 0L)]
    [InlineData("linear", "zeros", 1L)]
    [InlineData("linear", "border", 0L)]
    [InlineData("linear", "border", 1L)]
    [InlineData("nearest", "zeros", 0L)]
    [InlineData("nearest", "border", 1L)]
    public void GridSampleTakesPixelsAtPlaces(string mode, string padding, long alignsCorners)
    {
        foreach (string batch in new[] { "2", "n" })
            Agrees(
                new OnnxModelBuilder()
                    .Input("x", batch == "n" ? (object)"n" : 2, 3, 5, 7)
                    .Input("g", batch == "n" ? (object)"n" : 2, 4, 6, 2)
                    .Output("y")
                    .Node(
                        "GridSample",
                        "x g",
                        "y",
                        ("mode", mode),
                        ("padding_mode", padding),
                        ("align_corners", alignsCorners)
                    ),
                ["2x3x5x7", "2x4x6x2"]
            );
    }

    [Fact]
    public void SwishIsXTimesSigmoid()
    {
        foreach (float alpha in new[] { 1f, 1.7f })
        {
            Network network = new OnnxModelBuilder()
                .Input("x", 5)
                .Output("y")
                .Node("Swish", "x", "y", ("alpha", alpha))
                .Read();
            float[] x = [-3, -1, 0, 1, 3];
            float[] y = new ReferenceExecutor(network).Run([Tensor.Vector(x)])[0].Array<float>();
            Assert.Equal(x.Select(v => v / (1 + MathF.Exp(-alpha * v))), y, (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    private static int Extent(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Agrees(OnnxModelBuilder model, string[]? shapes = null)
    {
        byte[] file = model.Build();
        Network network = OnnxReader.Read(new MemoryStream(file));
        var rng = new Rng(5);
        Tensor[] inputs =
        [
            .. network.Inputs.Select(
                (input, i) =>
                    Random(rng, shapes?[i].Split('x').Select(Extent).ToArray() ?? [.. input.Type.Shape!.Value.Dims])
            ),
        ];
        using var peer = new OnnxRuntimeSession(file);
        using var reference = new ReferenceExecutor(network);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        Tensor theirs = peer.Run(inputs)[0];
        foreach (IExecutor executor in new IExecutor[] { reference, session })
        {
            Tensor ours = executor.Run(inputs)[0];
            Assert.Equal(theirs.Shape, ours.Shape);
            Assert.Equal(theirs.Array<float>(), ours.Array<float>(), (a, b) => Math.Abs(a - b) < 1e-4);
        }
    }
}
