using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Encoding = System.Text.Encoding;

namespace Decant.Tests.Data.Text;

/// <summary>A small vocabulary, and networks that look its tokens up.</summary>
internal static class TextFixtures
{
    /// <summary>Elements of a token's vector.</summary>
    public const int Width = 3;

    public static readonly string[] Vocabulary =
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        .. "abcdefghijklmnopqrstuvwxyz.,!?'".Select(c => $"{c}"),
        .. "abcdefghijklmnop".Select(c => $"##{c}"),
        "the",
        "cat",
        "dog",
        "##s",
        "##ing",
        "sit",
        "run",
        "##ning",
        "你",
        "ᄒ",
        "[MASK]",
    ];

    /// <summary>Sentences of several lengths.</summary>
    public static readonly string[] Sentences =
    [
        "the cat sits.",
        "the dog",
        "a dog is running, running!",
        "cats",
        "the the the the the the",
        "Dogs? cats!",
    ];

    /// <summary>A .tsv file of scored pairs.</summary>
    public static byte[] Pairs { get; } =
        "5\tthe cat sits\tthe cats\n1.5\ta dog is running!\tcat\n3\tdogs sit\tthe the the dog\n"u8.ToArray();

    public static TextTokenizer Tokenizer(TemporaryFolder folder) =>
        TextTokenizer.Load(folder.Write("vocab.txt", Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary))));

    public static TextSource Source(
        TemporaryFolder folder,
        IReadOnlyList<KeyValuePair<string, Tensor>>? targets = null
    ) => new("sentences", Sentences, new TextOptions { Tokenizer = Tokenizer(folder) }, targets);

    /// <summary>The vector of a token before it is scaled.</summary>
    public static float Element(long id, int i) => MathF.Sin(1 + id * 7 + i * 3);

    /// <summary>
    /// Takes ids and a mask, N×length, and gives each token's vector times a factor, N×length×3, whatever the mask.
    /// </summary>
    public static Network Lookup(float factor = 1, int length = Shape.Unknown, int? rows = null)
    {
        int all = rows ?? Vocabulary.Length;
        float[] table = [.. Enumerable.Range(0, all * Width).Select(i => Element(i / Width, i % Width) * factor)];
        ValueInfo Input(string name) => new(name, new TensorType(ElementType.Int64, new Shape(Shape.Unknown, length)));
        return new Network(
            "lookup",
            [Input("input_ids"), Input("attention_mask")],
            [
                new ValueInfo(
                    "states",
                    new TensorType(ElementType.Float32, new Shape(Shape.Unknown, length, Shape.Unknown))
                ),
            ],
            [Node("Gather", ["table", "input_ids"], "looked"), Node("Identity", ["looked"], "states")],
            [new Weight("table", Tensor.Of(new Shape(all, Width), table))]
        );
    }

    /// <summary>As <see cref="Lookup"/>, with vectors of positions, of which there are so many.</summary>
    public static Network WithPositions(int positions)
    {
        Network plain = Lookup();
        return new Network(
            "positions",
            plain.Inputs,
            plain.Outputs,
            [
                Node("Gather", ["table", "input_ids"], "looked"),
                Node("Shape", ["input_ids"], "shape"),
                Node("Slice", ["places", "one", "shape", "axis"], "cut"),
                Node("Gather", ["positions", "cut"], "placed"),
                Node("Add", ["looked", "placed"], "states"),
            ],
            [
                .. plain.Weights,
                new Weight("positions", Tensor.Zeros(ElementType.Float32, new Shape(positions, Width))),
                new Weight("places", Tensor.Zeros(ElementType.Int64, new Shape(1, positions))),
                new Weight("one", Tensor.Vector(0L, 0)),
                new Weight("axis", Tensor.Vector(0L, 1)),
            ]
        );
    }

    /// <summary>Each token's vector times a matrix of many columns.</summary>
    public static Network Layered()
    {
        const int Columns = 8;
        Network plain = Lookup();
        var random = Rng.For(6, "layer");
        float[] matrix = [.. Enumerable.Range(0, Width * Columns).Select(_ => (float)random.NextNormal())];
        return new Network(
            "layered",
            plain.Inputs,
            plain.Outputs,
            [Node("Gather", ["table", "input_ids"], "looked"), Node("MatMul", ["looked", "matrix"], "states")],
            [.. plain.Weights, new Weight("matrix", Tensor.Of(new Shape(Width, Columns), matrix))]
        );
    }

    public static Node Node(string type, string[] inputs, string output) =>
        new(output, OperatorCatalogue.Create(type, Attributes.None), [.. inputs], [output]);
}
