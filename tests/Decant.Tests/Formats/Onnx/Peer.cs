using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Decant.Training;
using Decant.Training.Operators;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Compares what a file computes with what ONNX Runtime computes of it.</summary>
internal static class Peer
{
    /// <summary>The reference and a session give ONNX Runtime's outputs; floats within a tolerance.</summary>
    public static void Agrees(OnnxModelBuilder model, Tensor[] inputs, double tolerance = 1e-5)
    {
        byte[] file = model.Build();
        using var peer = new OnnxRuntimeSession(file, new OnnxRuntimeOptions { Optimizes = false });
        Gives(peer.Run(inputs), file, inputs, tolerance);
    }

    /// <summary>
    /// The reference and a session give these outputs, floats within a tolerance; so do a session of what a container
    /// held, ONNX Runtime on the network as it is written again, and libtorch where it computes all of it.
    /// </summary>
    public static void Gives(IReadOnlyList<Tensor> expected, byte[] file, Tensor[] inputs, double tolerance = 1e-5)
    {
        Network network = OnnxReader.Read(new MemoryStream(file));
        using var reference = new ReferenceExecutor(network);
        using InferenceSession session = new InferenceModel(network).CreateSession(),
            unpacked = new InferenceModel(ControlFlowTests.Container(network)).CreateSession();
        using var rewritten = new OnnxRuntimeSession(network, new OnnxRuntimeOptions { Optimizes = false });
        using TorchExecutor? torch = IsTrained(network, expected) ? new TorchExecutor(network) : null;
        IExecutor?[] executors = [reference, session, unpacked, rewritten, torch];
        foreach (IExecutor executor in executors.OfType<IExecutor>())
        {
            IReadOnlyList<Tensor> actual = executor.Run(inputs);
            Assert.Equal(expected.Count, actual.Count);
            for (int i = 0; i < expected.Count; i++)
                Close(expected[i], actual[i], tolerance);
        }
    }

    /// <summary>Whether libtorch computes all of it; it has no integers of 64 bits without sign.</summary>
    private static bool IsTrained(Network network, IReadOnlyList<Tensor> outputs) =>
        Decant.Torch.LibTorch.Problem is null
        && outputs.All(t => t.Type != ElementType.UInt64)
        && network.Nodes.All(n => TorchKernelCatalogue.Has(n.Operator));

    /// <summary>A model is refused in one line that says so.</summary>
    public static void Refused(OnnxModelBuilder model, string message)
    {
        var refused = Assert.Throws<ModelException>(() => model.Read());
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.ToString(), actual.ToString());
        if (!expected.Type.IsFloat())
        {
            Assert.Equal(expected.Bytes().ToArray(), actual.Bytes().ToArray());
            return;
        }
        double[] theirs = Doubles(expected),
            ours = Doubles(actual);
        for (int i = 0; i < theirs.Length; i++)
            Assert.True(
                theirs[i].Equals(ours[i]) || Math.Abs(theirs[i] - ours[i]) <= tolerance * (1 + Math.Abs(theirs[i])),
                $"element {i} of {actual}: expected {theirs[i]}, got {ours[i]}"
            );
    }

    private static double[] Doubles(Tensor tensor) =>
        tensor.Type switch
        {
            ElementType.Float64 => tensor.Array<double>(),
            ElementType.Float16 => Array.ConvertAll(tensor.Array<Half>(), v => (double)v),
            _ => Array.ConvertAll(tensor.Array<float>(), v => (double)v),
        };
}
