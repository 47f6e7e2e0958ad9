using Decant.Core;
using Decant.Tests.Data;
using Decant.Tests.Formats;
using Decant.Tests.Formats.PyTorch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests;

public sealed class StateDictionaryTests
{
    private static readonly Network Network = new NetworkBuilder("small", 1, new Shape(Shape.Unknown, 3, 4, 4))
        .PaddedConv("conv1", 4, 3)
        .BatchNorm("bn1")
        .Subsample("half", 2)
        .GlobalAveragePool("pool")
        .Flatten("flat")
        .Gemm("linear", 2)
        .Build();

    [Fact]
    public void NamesDecideWhateverTheOrder()
    {
        KeyValuePair<string, Tensor>[] state = State();
        Network filled = StateDictionary.Fill(
            Network,
            [.. Enumerable.Reverse(state), new("bn1.num_batches_tracked", Tensor.Scalar(5L))]
        );
        foreach (var (name, tensor) in state)
            SameTensor.Assert(tensor, filled.Weights[name].Encoding.Decode());
        SameTensor.Assert(
            Network.Weights["half.steps"].Encoding.Decode(),
            filled.Weights["half.steps"].Encoding.Decode()
        );
    }

    [Fact]
    public void TheClassifierHasTwoNames()
    {
        Network filled = StateDictionary.Fill(
            Network,
            [.. State().Select(s => KeyValuePair.Create(s.Key.Replace("linear.", "fc."), s.Value))]
        );
        SameTensor.Assert(State()[^1].Value, filled.Weights["linear.bias"].Encoding.Decode());
        Fails([.. State(), new("fc.bias", Tensor.Vector(1f, 2))], "'linear.bias' comes twice");
    }

    [Fact]
    public void OtherNamesFillByOrder()
    {
        KeyValuePair<string, Tensor>[] state = State();
        Network filled = StateDictionary.Fill(
            Network,
            [.. state.Select(s => KeyValuePair.Create($"net.{s.Key}", s.Value))]
        );
        foreach (var (name, tensor) in state)
            SameTensor.Assert(tensor, filled.Weights[name].Encoding.Decode());
        Fails(
            [.. state.Select(s => KeyValuePair.Create($"net.{s.Key}", s.Value)).Take(3)],
            "place 4",
            "nothing",
            "'bn1.running_mean' (4)"
        );
        // Shapes alone would take a bias for a scale.
        Fails(
            [KeyValuePair.Create("net.0.weight", state[0].Value), new("net.0.bias", state[1].Value)],
            "place 2",
            "'net.0.bias' (4)",
            "'bn1.weight' (4)"
        );
    }

    [Fact]
    public void FloatsOfOtherWidthsAreConverted()
    {
        KeyValuePair<string, Tensor>[] state = State();
        state[^1] = new("linear.bias", Tensor.Vector((Half)1.5, (Half)(-2)));
        SameTensor.Assert(
            Tensor.Vector(1.5f, -2),
            StateDictionary.Fill(Network, state).Weights["linear.bias"].Encoding.Decode()
        );
        state[^1] = new("linear.bias", Tensor.Vector(0.1, -2));
        SameTensor.Assert(
            Tensor.Vector(0.1f, -2),
            StateDictionary.Fill(Network, state).Weights["linear.bias"].Encoding.Decode()
        );
        state[^1] = new("linear.bias", Tensor.Vector(1L, -2));
        Fails(state, "'linear.bias' holds Int64");
    }

    [Fact]
    public void TheFirstThatDoesNotFitIsNamed()
    {
        KeyValuePair<string, Tensor>[] state = State();
        Fails([.. state[..2], .. state[3..]], "'bn1.bias' (4), a weight of small, is missing");
        Fails([.. state, new("bn2.bias", Tensor.Vector(1f))], "'bn2.bias' (1) is no weight of small");
        Fails([.. state, new("half.steps", Tensor.Vector(1f, 1))], "'half.steps' (2) is no weight of small");
        state[^2] = new("linear.weight", Tensor.Zeros(ElementType.Float32, new Shape(100, 4)));
        Fails(state, "'linear.weight' has the shape 100×4, the network's 'linear.weight' 2×4");
    }

    [Fact]
    public void FilesGiveZooNetworksTheirWeights()
    {
        using var folder = new TemporaryFolder();
        Network other = Architectures.Create("lenet-300-100", 5);
        string file = folder.Write(
            "lenet.pth",
            StateFile.Zip([.. other.Weights.Select(w => KeyValuePair.Create(w.Name, w.Encoding.Decode()))])
        );
        SameNetwork.Assert(other, Models.Load("zoo:lenet300100", weights: file));
        Assert.Contains(
            $"{file}: its names",
            Assert.Throws<DecantException>(() => Models.Load("zoo:vgg-16", weights: file)).Message
        );
        Assert.Contains(
            $"{file}: 'fc1.weight' has the shape 300×784",
            Assert.Throws<DecantException>(() => Models.Load("zoo:mlp", weights: file)).Message
        );
        Assert.Contains(
            "has its own",
            Assert.Throws<DecantException>(() => Models.Load(folder["lenet.onnx"], weights: file)).Message
        );
        Assert.Contains(
            "cannot read",
            Assert.Throws<DecantException>(() => Models.Load("zoo:lenet-5", weights: folder["none.pth"])).Message
        );
    }

    private static KeyValuePair<string, Tensor>[] State()
    {
        var rng = new Rng(3);
        return
        [
            .. Network
                .Weights.Where(w => w.IsTrainable)
                .Select(w =>
                    KeyValuePair.Create(
                        w.Name,
                        Tensor.Of(
                            w.Encoding.Shape,
                            Enumerable.Range(0, w.Encoding.Count).Select(_ => (float)rng.NextNormal()).ToArray()
                        )
                    )
                ),
        ];
    }

    private static void Fails(IReadOnlyList<KeyValuePair<string, Tensor>> state, params string[] words)
    {
        string message = Assert.Throws<ModelException>(() => StateDictionary.Fill(Network, state)).Message;
        foreach (string word in words)
            Assert.Contains(word, message, StringComparison.Ordinal);
    }
}
