using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Data.Sequences;

public sealed class StatefulSourceTests
{
    /// <summary>hN = x + h/2, and y = hN.</summary>
    /// <param name="shape">The shape of h; that of x is 1×2.</param>
    private static Network Recurrent(params int[] shape)
    {
        var state = new TensorType(ElementType.Float32, new Shape(shape));
        return new Network(
            "recurrent",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(1, 2))), new ValueInfo("h", state)],
            [new ValueInfo("y", state), new ValueInfo("hN", state)],
            [
                new Node("half", new Mul(Attributes.None), ["h", "factor"], ["halved"]),
                new Node("add", new Add(Attributes.None), ["x", "halved"], ["hN"]),
                new Node("copy", new Identity(Attributes.None), ["hN"], ["y"]),
            ],
            new WeightSet([new Weight("factor", new DenseEncoding(Tensor.Scalar(0.5f)))])
        );
    }

    /// <summary>Examples 1, 2, 3, 4, 5; a second sequence begins at the fourth.</summary>
    private sealed class Steps : IDataSource
    {
        private readonly ArraySource values = new(
            "steps",
            [new("x", Tensor.Of(new Shape(5, 2), [1f, 10, 2, 20, 3, 30, 4, 40, 5, 50]))]
        );

        public string Name => values.Name;

        public int Count => values.Count;

        public System.Collections.Immutable.ImmutableArray<DataField> Inputs => values.Inputs;

        public System.Collections.Immutable.ImmutableArray<DataField> Targets => [];

        public System.Collections.Immutable.ImmutableArray<int> Starts => [0, 3];

        public string Fingerprint => values.Fingerprint;

        public Batch Read(ReadOnlySpan<int> indices) => values.Read(indices);

        public IDataSource Take(ReadOnlySpan<int> indices) => values.Take(indices);
    }

    private static StatefulSource Record(Network network, IReadOnlyDictionary<string, string>? named = null)
    {
        using var executor = new ReferenceExecutor(network);
        NetworkStates states = NetworkStates.Of(network, named ?? new Dictionary<string, string>(), ["x"]);
        return StatefulSource.Record(network, executor, new Steps(), states, Preprocessing.None);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(-1, 2)]
    public void States_are_what_the_network_made_of_the_example_before(params int[] shape)
    {
        StatefulSource source = Record(Recurrent(shape));
        Assert.Equal(["x", "h"], source.Inputs.Select(f => f.Name));
        Assert.Equal([0, 0, 1, 10, 2.5f, 25, 0, 0, 4, 40], source.Read([0, 1, 2, 3, 4]).Inputs[1].Array<float>());
        Assert.Equal([2.5f, 25, 1, 10], source.Take([2, 1]).Read([0, 1]).Inputs[1].Array<float>());
        Assert.Contains("'h' is taken for a state: output 'hN' is fed back", source.Notes.Single());
        Assert.NotEqual(source.Fingerprint, new Steps().Fingerprint);
    }

    [Fact]
    public void A_state_may_have_no_axis_of_examples_in_front()
    {
        Network network = Recurrent(3, -1, 2);
        StatefulSource source = Record(network, new Dictionary<string, string> { ["h"] = "hN" });
        Assert.Equal(new Shape(3, 1, 2), source.Inputs[1].Shape);
        Assert.Equal([1f, 10, 1, 10, 1, 10], source.Read([1]).Inputs[1].Array<float>());
        Assert.Empty(source.Notes);
        // Agreement with itself is complete, the outputs' first axis counting no examples either.
        using var executor = new ReferenceExecutor(network);
        var fidelity = new Fidelity();
        IDataSource targeted = fidelity.Targeted(network, executor, source, Preprocessing.None);
        Score score = fidelity.Evaluate(network, executor, targeted, Preprocessing.None);
        Assert.Equal(1, score.Primary.Value, 1e-6);
        Assert.Equal(5, score.Count);
        Assert.Equal(new Shape(3, 1, 2), targeted.Targets[1].Shape);
    }

    [Fact]
    public void An_input_that_gets_nothing_is_named_with_the_outputs_that_would_fit()
    {
        Network network = Recurrent(1, 2);
        NetworkStates none = new([], []);
        var missing = Assert.Throws<MissingStateException>(() => none.CheckComplete(network, ["x"]));
        Assert.Contains("no data for input 'h' Float32 1×2, and no output is fed back", missing.Message);
        Assert.Contains("output 'y' could be fed back to 'h', output 'hN' could", missing.Message);
        Assert.Equal(["y", "hN"], missing.Candidates.Select(c => c.Output));
        Assert.Contains(
            "sound fills one input",
            Assert.Throws<MissingStateException>(() => none.SoundOf(network)).Message
        );
        Assert.Equal("x", NetworkStates.Of(network, new Dictionary<string, string>(), []).SoundOf(network).Input);
    }

    [Theory]
    [InlineData("z", "hN", "there is no input 'z'; there are x, h")]
    [InlineData("h", "z", "there is no output 'z'; there are y, hN")]
    [InlineData("x", "hN", "output 'hN' Float32 3×1×2 cannot be fed back to input 'x', which takes Float32 1×2")]
    public void A_pair_that_does_not_fit_is_refused(string input, string output, string said) =>
        Assert.Contains(
            said,
            Assert
                .Throws<DataException>(() =>
                    NetworkStates.Of(Recurrent(3, 1, 2), new Dictionary<string, string> { [input] = output }, ["x"])
                )
                .Message
        );

    [Theory]
    [InlineData("state", "stateN", true)]
    [InlineData("h0", "hn", true)]
    [InlineData("h_in", "h_out", true)]
    [InlineData("past_key", "present_key", true)]
    [InlineData("input_3", "stack_2", false)]
    [InlineData("c", "h", false)]
    public void Names_tell_which_output_is_a_state(string input, string output, bool belongs)
    {
        var type = new TensorType(ElementType.Float32, new Shape(1, 2));
        var network = new Network(
            "named",
            [new ValueInfo(input, type)],
            [new ValueInfo(output, type)],
            [new Node("copy", new Identity(Attributes.None), [input], [output])],
            new WeightSet([])
        );
        Assert.Equal(belongs, NetworkStates.Of(network, new Dictionary<string, string>(), []).Has(input));
    }
}
