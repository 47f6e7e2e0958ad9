using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Runtime;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Operators;

/// <summary>Runs networks of one node on libtorch and on the managed runtime, which share no arithmetic.</summary>
internal static class AgainstRuntime
{
    /// <summary>Every output must be the same: exactly for integers, else within a tolerance.</summary>
    public static void Same(string type, Attributes attributes, int outputs, double tolerance, params Tensor?[] inputs)
    {
        Network network = Typed(OneNode.Of(type, attributes, outputs, inputs));
        Tensor[] fed = [.. inputs.OfType<Tensor>()];
        using var runtime = new ReferenceExecutor(network, 2);
        using var torch = new TorchExecutor(network);
        IReadOnlyList<Tensor> expected = runtime.Run(fed),
            actual = torch.Run(fed);
        for (int i = 0; i < outputs; i++)
            Compare(
                expected[i],
                actual[i],
                tolerance,
                $"{type} ({string.Join(", ", attributes.Select(a => $"{a.Key} {a.Value}"))}) of "
                    + $"{string.Join(", ", inputs.Select(t => t?.ToString() ?? "-"))}, output {i}"
            );
    }

    /// <summary>
    /// The gradient of Σ cᵢ·yᵢ at each input of doubles, taken by libtorch, is the difference quotient of the
    /// runtime's.
    /// </summary>
    public static void SameGradient(string type, Attributes attributes, params Tensor?[] inputs)
    {
        const double Step = 1e-6;
        Network network = OneNode.Of(type, attributes, 1, inputs);
        Tensor[] fed = [.. inputs.OfType<Tensor>()];
        using var runtime = new ReferenceExecutor(network, 1);
        double Loss() => runtime.Run(fed)[0].Array<double>().Select((y, i) => y * Math.Cos(i)).Sum();
        TorchTensor[] gradients = Gradients(network, fed);
        for (int t = 0; t < fed.Length; t++)
        {
            if (fed[t].Type != Core.ElementType.Float64)
                continue;
            double[] x = fed[t].Array<double>(),
                gradient = gradients[t].ToArray<double>();
            for (int i = 0; i < x.Length; i++)
            {
                double at = x[i];
                x[i] = at + Step;
                double up = Loss();
                x[i] = at - Step;
                double quotient = (up - Loss()) / (2 * Step);
                x[i] = at;
                Assert.True(
                    Math.Abs(quotient - gradient[i]) <= 1e-5 * (1 + Math.Abs(quotient)),
                    $"{type}: gradient {i} of input {t} is {gradient[i]}, not {quotient}"
                );
            }
        }
    }

    private static TorchTensor[] Gradients(Network network, Tensor[] fed)
    {
        using var training = new TrainingNetwork(network);
        TorchTensor[] inputs = [.. fed.Select(f => f.ToTorch())];
        foreach (TorchTensor x in inputs)
            if (x.Type == TorchType.Float64)
                x.RequiresGrad = true;
        TorchTensor y = training.Forward(training: false, inputs)[0];
        TorchTensor c = TorchTensor.From<double>(
            [.. Enumerable.Range(0, (int)y.ElementCount).Select(i => Math.Cos(i))],
            y.Shape
        );
        y.Mul(c).Sum().Backward();
        return [.. inputs.Select(x => x.Grad!)];
    }

    /// <summary>The network with its outputs' types stated, which libtorch does not know all of.</summary>
    private static Network Typed(Network network)
    {
        var types = NetworkShapes.Of(network);
        return new Network(
            network.Name,
            network.Inputs,
            [.. network.Outputs.Select(o => new ValueInfo(o.Name, new TensorType(types[o.Name]!.Type, null)))],
            network.Nodes,
            network.Weights
        );
    }

    private static void Compare(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.True(
            expected.Type == actual.Type && expected.Shape == actual.Shape,
            $"{what}: {actual}, not {expected}"
        );
        if (!expected.Type.IsFloat())
        {
            Assert.True(expected.Bytes().SequenceEqual(actual.Bytes()), $"{what}: integers differ");
            return;
        }
        double[] e = Doubles(expected),
            a = Doubles(actual);
        for (int i = 0; i < e.Length; i++)
            Assert.True(
                e[i].Equals(a[i]) || Math.Abs(e[i] - a[i]) <= tolerance * (1 + Math.Abs(e[i])),
                $"{what}: element {i} is {a[i]}, not {e[i]}"
            );
    }

    private static double[] Doubles(Tensor t) =>
        t.Type switch
        {
            Core.ElementType.Float32 => Array.ConvertAll(t.Array<float>(), v => (double)v),
            Core.ElementType.Float16 => Array.ConvertAll(t.Array<Half>(), v => (double)v),
            _ => t.Array<double>(),
        };
}
