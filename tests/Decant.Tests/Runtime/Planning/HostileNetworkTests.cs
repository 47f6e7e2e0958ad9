using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Runtime.Planning;

/// <summary>
/// Networks that a plan may take apart wrongly: a session gives the reference's answer, or refuses as it does.
/// </summary>
public sealed class HostileNetworkTests
{
    /// <summary>
    /// A convolution by a computed weight is a kernel; the sum after it still lies in its part of the joined value.
    /// </summary>
    [Theory]
    [InlineData("Add")]
    [InlineData("Relu")]
    public void WhatFollowsAConvolutionOfComputedWeightsIsJoined(string last)
    {
        var check = new Draft();
        string x = check.Feed(2, 3, 7, 6),
            weight = check.Feed(5, 3, 1, 1),
            constant = check.Constant(4, 3, 1, 1),
            other = check.Add("Conv", x, check.Constant(5, 3, 1, 1));
        string computed = check.Add("Conv", x, check.Add("Mul", weight, weight));
        string sum = check.Add("Add", computed, other);
        if (last == "Relu")
            sum = check.Add("Relu", sum);
        string joined = check.Add("Concat", OneNode.With(("axis", 1L)), check.Add("Conv", x, constant), sum);
        check.Agrees(joined);
    }

    [Fact]
    public void ABatchThatIsNotOneIsTaken()
    {
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(-1, 3)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [
                new Node("n", OperatorCatalogue.Create("Reshape", Attributes.None), ["x", "shape"], ["r"]),
                new Node("m", OperatorCatalogue.Create("Relu", Attributes.None), ["r"], ["y"]),
            ],
            [new Weight("shape", Tensor.Vector([6L]))]
        );
        using InferenceSession session = new InferenceModel(network).CreateSession();
        Tensor x = OneNode.Random(new Rng(1), 2, 3);
        Assert.Equal(new ReferenceExecutor(network).Run([x])[0].Array<float>(), session.Run([x])[0].Array<float>());
        Assert.Throws<ModelException>(() => session.Prepare([new Shape(1, 3)]));
        Assert.Equal(new Shape(6), session.OutputShape("y"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AClipWhoseBoundIsNoNumberIsTakenAsTheReferenceTakesIt(bool afterConvolution)
    {
        var check = new Draft();
        string x = check.Feed(1, 2, 4, 4);
        if (afterConvolution)
            x = check.Add("Conv", x, check.Constant(3, 2, 1, 1));
        check.Agrees(check.Add("Clip", x, check.Constant(0)));
    }

    [Fact]
    public void AFillThatIsNoNumberIsTakenAsTheReferenceTakesIt()
    {
        var check = new Draft();
        string x = check.Add("Conv", check.Feed(1, 2, 4, 4), check.Constant(3, 2, 1, 1));
        string pads = check.Constant(Tensor.Vector([0L, 0, 1, 1, 0, 0, 1, 1]));
        check.Agrees(check.Add("Pad", x, pads, check.Constant(0)));
    }

    [Fact]
    public void MoreOutputsThanAnOperatorMakesAreRefused()
    {
        foreach (string type in new[] { "Mul", "Relu", "Softmax", "Concat", "MaxPool", "Conv", "Transpose" })
        {
            var check = new Draft();
            string[] reads =
                type == "Relu" || type == "Softmax" || type == "MaxPool" || type == "Transpose"
                    ? [check.Feed(1, 2, 4, 4)]
                    : [check.Feed(1, 2, 4, 4), check.Feed(1, 2, 4, 4)];
            Attributes attributes = type switch
            {
                "Concat" => OneNode.With(("axis", 1L)),
                "MaxPool" => OneNode.With(("kernel_shape", OneNode.Ints(2, 2))),
                _ => Attributes.None,
            };
            string output = check.Add(type, attributes, 3, reads)[0];
            Assert.Contains("has 3 outputs", Assert.Throws<ModelException>(() => check.Agrees(output)).Message);
        }
    }

    [Fact]
    public void LengthsOfAnotherBatchAreRefused()
    {
        var check = new Draft();
        string x = check.Feed(3, 2, 4),
            lengths = check.FeedOpen(Tensor.Vector([3])); // one, for a batch of two
        string[] made = check.Add(
            "GRU",
            OneNode.With(("hidden_size", 5L)),
            2,
            x,
            check.Constant(1, 15, 4),
            check.Constant(1, 15, 5),
            "",
            lengths
        );
        check.Agrees(made[1]);
    }

    [Fact]
    public void ANormalizationInTrainingUsesTheBatch()
    {
        var check = new Draft();
        string x = check.Add("Conv", check.Feed(3, 2, 4, 4), check.Constant(3, 2, 1, 1));
        string y = check.Add(
            "BatchNormalization",
            OneNode.With(("training_mode", 1L)),
            x,
            check.Constant(3),
            check.Constant(3),
            check.Constant(3),
            check.Constant(3)
        );
        check.Agrees(y);
    }

    /// <summary>A network in the making, fed with random numbers.</summary>
    private sealed class Draft
    {
        private readonly Rng rng = new(4);
        private readonly List<ValueInfo> inputs = [];
        private readonly List<Tensor> fed = [];
        private readonly List<Node> nodes = [];
        private readonly List<Weight> weights = [];

        public string Feed(params int[] dims) => Feed(OneNode.Random(rng, dims), new Shape(dims));

        /// <summary>Feeds a vector of int32 whose length is only known when it is given.</summary>
        public string FeedOpen(Tensor vector) => Feed(vector, new Shape(Shape.Unknown));

        public string Constant(params int[] dims) => Constant(OneNode.Random(rng, dims));

        public string Constant(Tensor tensor)
        {
            weights.Add(new Weight($"w{weights.Count}", tensor));
            return weights[^1].Name;
        }

        public string Add(string type, params string[] from) => Add(type, Attributes.None, from);

        public string Add(string type, Attributes attributes, params string[] from) =>
            Add(type, attributes, 1, from)[0];

        public string[] Add(string type, Attributes attributes, int outputs, params string[] from)
        {
            string[] made = [.. Enumerable.Range(0, outputs).Select(i => $"y{nodes.Count}.{i}")];
            nodes.Add(new Node($"n{nodes.Count}", OperatorCatalogue.Create(type, attributes), [.. from], [.. made]));
            return made;
        }

        /// <summary>The reference and sessions of every width and of two threads give the same, or all
        /// refuse.</summary>
        public void Agrees(string output)
        {
            var network = new Network(
                "",
                [.. inputs],
                [new ValueInfo(output, new TensorType(ElementType.Unknown, null))],
                [.. nodes],
                weights
            );
            float[]? expected = Answer(() => new ReferenceExecutor(network, 1).Run(fed));
            foreach (VectorWidth width in VectorWidths.All)
            foreach (int threads in new[] { 1, 2 })
            {
                float[]? actual = Answer(() =>
                {
                    using InferenceSession session = new InferenceModel(
                        network,
                        new InferenceOptions { Threads = threads },
                        width
                    ).CreateSession();
                    return session.Run(fed);
                });
                Assert.Equal(expected is null, actual is null);
                for (int i = 0; expected is not null && i < expected.Length; i++)
                    Assert.True(
                        Math.Abs(expected[i] - actual![i]) <= 1e-5 * (1 + Math.Abs(expected[i])),
                        $"{width}: element {i} is {actual[i]}, not {expected[i]}"
                    );
            }
        }

        private string Feed(Tensor tensor, Shape shape)
        {
            inputs.Add(new ValueInfo($"x{inputs.Count}", new TensorType(tensor.Type, shape)));
            fed.Add(tensor);
            return inputs[^1].Name;
        }

        private static float[]? Answer(Func<IReadOnlyList<Tensor>> run)
        {
            try
            {
                return run()[0].Array<float>();
            }
            catch (ModelException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                return null;
            }
        }
    }
}
