using System.Collections.Immutable;
using System.Numerics;
using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Examples;

/// <summary>Computes Mish of 32-bit floats, a vector of them at a time.</summary>
public sealed class MishKernel : IOperatorKernel
{
    public string Name => "own mish";

    public string OperatorType => "Mish";

    public bool CanRun(Node node, ImmutableArray<TensorType?> inputs) => inputs[0]?.Type == ElementType.Float32;

    public Tensor[] Run(Node node, IReadOnlyList<Tensor?> inputs, CancellationToken cancellation)
    {
        ReadOnlySpan<float> x = inputs[0]!.Span<float>();
        var y = new float[x.Length];
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            Mish(new Vector<float>(x[i..])).CopyTo(y, i);
        for (; i < x.Length; i++)
            y[i] = Mish(new Vector<float>(x[i]))[0];
        return [Tensor.Of(inputs[0]!.Shape, y)];
    }

    // With e = eˣ, tanh(ln(1 + e)) is (e² + 2e)/(e² + 2e + 2), which is 1 in floats from x = 10 on.
    private static Vector<float> Mish(Vector<float> x)
    {
        Vector<float> e = Vector.Exp(Vector.Min(x, new Vector<float>(10))),
            n = e * (e + new Vector<float>(2));
        return x * (n / (n + new Vector<float>(2)));
    }
}

public sealed class MishKernelTests
{
    private static Network NetworkOf(ElementType type) =>
        new(
            "mish",
            [new ValueInfo("x", new TensorType(type, new Shape(Shape.Unknown)))],
            [new ValueInfo("y", new TensorType(type, new Shape(Shape.Unknown)))],
            [new Node("mish", OperatorCatalogue.Create("Mish", Attributes.None), ["x"], ["y"])],
            []
        );

    private static InferenceSession Session(ElementType type)
    {
        var options = new InferenceOptions { Kernels = [new MishKernel()] };
        return new InferenceModel(NetworkOf(type), options).CreateSession();
    }

    [Fact]
    public void ItComputesWhatTheReferenceComputes()
    {
        using InferenceSession session = Session(ElementType.Float32);
        using var reference = new ReferenceExecutor(NetworkOf(ElementType.Float32));
        for (int length = 1; length <= 3 * Vector<float>.Count; length++)
        {
            Tensor x = Tensor.Vector([.. Enumerable.Range(0, length).Select(i => 30 * MathF.Sin(i + length))]);
            float[] expected = reference.Run([x])[0].Array<float>(),
                computed = session.Run([x])[0].Array<float>();
            Assert.All(expected.Zip(computed), p => Assert.Equal(p.First, p.Second, 1e-6 * (1 + Math.Abs(p.First))));
        }
        Assert.Contains(session.Layers, layer => layer.Kernel == "own mish");
    }

    [Fact]
    public void TheRuntimeComputesWhatItLeaves()
    {
        using InferenceSession session = Session(ElementType.Float64);
        Assert.Equal(Math.Tanh(Math.Log(1 + Math.E)), session.Run([Tensor.Vector(1.0)])[0].Span<double>()[0], 12);
        Assert.DoesNotContain(session.Layers, layer => layer.Kernel == "own mish");
    }
}
