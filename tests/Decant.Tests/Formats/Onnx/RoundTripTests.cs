using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class RoundTripTests
{
    [Fact]
    public void LeNet_comes_back() => SameNetwork.Assert(Models.LeNetNetwork(), Again(Models.LeNetNetwork()));

    [Fact]
    public void Canonical_form_is_its_own()
    {
        foreach (byte[] file in (byte[][])[Models.ShapeArithmetic(), Models.OldOperators(), Models.LeNet()])
        {
            Network once = OnnxReader.Read(new MemoryStream(file));
            SameNetwork.Assert(once, Again(once));
        }
    }

    [Property(MaxTest = 100)]
    public bool Random_networks_come_back_and_equal_ones_give_equal_bytes(ulong seed)
    {
        Network network = RandomNetwork(new Rng(seed));
        SameNetwork.Assert(network, Again(network));
        return Bytes(network).AsSpan().SequenceEqual(Bytes(Again(network)));
    }

    [Fact]
    public void Nodes_of_one_name_are_written_under_two()
    {
        Node relu = new("same", Models.Make("Relu"), ["x"], ["r"]),
            tanh = new("same", Models.Make("Tanh"), ["r"], ["y"]);
        var network = new Network("", [Models.Value("x", 2)], [Models.Value("y", 2)], [relu, tanh], []);
        OnnxModel model = ModelMessage.Read(new WireReader(new MemoryStream(Bytes(network))), new ExternalFiles(null));
        Assert.Equal(["same", "same.2"], model.Graph!.Nodes.Select(n => n.Name));
    }

    [Theory]
    [InlineData("Relu", 21, 10)]
    [InlineData("RMSNormalization", 23, 11)]
    public void The_opset_and_the_version_of_the_format_are_those_that_operators_need(
        string type,
        int opset,
        int version
    )
    {
        Node node = new("n", Models.Make(type), type == "Relu" ? ["x"] : ["x", "g"], ["y"]);
        Weight[] weights = type == "Relu" ? [] : [new Weight("g", Tensor.Vector(1f, 2f))];
        var network = new Network("", [Models.Value("x", 3, 2)], [Models.Value("y", 3, 2)], [node], weights);
        byte[] bytes = Bytes(network);
        Assert.Equal(opset, ModelMessage.Read(new WireReader(new MemoryStream(bytes)), new ExternalFiles(null)).Opset);
        // Field 1 of the model, its first: the version.
        Assert.Equal([8, version], bytes[..2].Select(b => (int)b));
    }

    [Fact]
    public void Encodings_are_written_decoded()
    {
        Network network = Models.LeNetNetwork();
        var sparse = new SparseEncoding(new Shape(10), [2, 5], [1f, -3f]);
        Network again = Again(network.With(new Dictionary<string, Encoding> { ["fc1.b"] = sparse }));
        Assert.Equal([0f, 0, 1, 0, 0, -3, 0, 0, 0, 0], again.Weights["fc1.b"].Encoding.Decode().Array<float>());
    }

    [Fact]
    public void A_file_is_written_whole_and_a_stream_that_cannot_seek_is_read()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxWriter.Save(Models.LeNetNetwork(), path);
            Assert.Equal(Models.LeNet(), File.ReadAllBytes(path));
            SameNetwork.Assert(Models.LeNetNetwork(), OnnxReader.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
        using var packed = new MemoryStream();
        using (
            var zip = new System.IO.Compression.GZipStream(
                packed,
                System.IO.Compression.CompressionLevel.Fastest,
                leaveOpen: true
            )
        )
            zip.Write(Models.LeNet());
        packed.Position = 0;
        SameNetwork.Assert(
            Models.LeNetNetwork(),
            OnnxReader.Read(
                new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress)
            )
        );
    }

    [Fact]
    public void Open_extents_other_than_the_batch_do_not_become_equal()
    {
        Network network = Again(
            new Network(
                "",
                [Models.Value("x", -1, 3, -1, -1)],
                [Models.Value("y", -1, 3, -1, -1)],
                [new Node("r", Models.Make("Relu"), ["x"], ["y"])],
                []
            )
        );
        Assert.Equal(new Shape(-1, 3, -1, -1), network.Inputs[0].Type.Shape);
        string text = System.Text.Encoding.Latin1.GetString(Bytes(network));
        Assert.Contains("x.2", text, StringComparison.Ordinal);
        Assert.Contains("x.3", text, StringComparison.Ordinal);
    }

    private static Network RandomNetwork(Rng rng)
    {
        var (nodes, weights, last) = (ImmutableArray.CreateBuilder<Node>(), new List<Weight>(), "x");
        int width = 1 + rng.Next(6);
        for (int i = 1 + rng.Next(8); i > 0; i--)
        {
            string name = $"{Letter(rng)}{i}",
                made = i == 1 ? "y" : $"v{i}";
            string[] types = ["Relu", "Tanh", "Softmax", "Add", "MatMul", "Gemm"];
            string type = types[rng.Next(types.Length)];
            var inputs = ImmutableArray.Create(last);
            if (type is "Add" or "MatMul" or "Gemm")
            {
                Shape shape = type == "Add" ? new Shape(width) : new Shape(width, width);
                weights.Add(new Weight($"{name}.w", RandomTensor.Of(ElementType.Float32, shape, rng.NextBits())));
                inputs = inputs.Add($"{name}.w");
            }
            nodes.Add(new Node(name, Models.Make(type, Random(type, rng)), inputs, [made]));
            last = made;
        }
        var metadata = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        for (int i = rng.Next(4); i > 0; i--)
            metadata = metadata.SetItem($"{Letter(rng)}{i}", $"{Letter(rng)}");
        return new Network(
            $"{Letter(rng)}",
            [Models.Value("x", -1, width)],
            [Models.Value("y", -1, width)],
            nodes.ToImmutable(),
            weights,
            metadata
        );
    }

    private static (string, object)[] Random(string type, Rng rng) =>
        type switch
        {
            "Softmax" => [("axis", (long)-1)],
            "Gemm" => [("alpha", (float)rng.NextNormal()), ("transB", (long)rng.Next(2))],
            _ => [],
        };

    private static char Letter(Rng rng) => "aZ/:ß漢_ \"\\"[rng.Next(10)];

    private static Network Again(Network network) => OnnxReader.Read(new MemoryStream(Bytes(network)));

    private static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(network, stream);
        return stream.ToArray();
    }
}
