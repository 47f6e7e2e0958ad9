using System.Collections.Immutable;
using Decant.Runtime.Kernels;
using Decant.Runtime.Planning;

namespace Decant.Runtime;

/// <summary>
/// Computes nodes of one operator in place of the runtime's own kernels; see <see cref="InferenceOptions.Kernels"/>.
/// Sessions of a model share it and may run it at the same time. Nodes whose inputs are all constant are computed by
/// the runtime when it plans.
/// </summary>
public interface IOperatorKernel
{
    /// <summary>What profiles call it; see <see cref="LayerProfile.Kernel"/>.</summary>
    string Name { get; }

    /// <summary>The ONNX type of the operator, such as Gelu.</summary>
    string OperatorType { get; }

    /// <summary>Whether it computes a node; if not, the runtime does. Asked when a plan is made.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">What is known of the node's inputs; null where one is left out.</param>
    bool CanRun(Node node, ImmutableArray<TensorType?> inputs);

    /// <summary>Computes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The node's inputs, which fit its operator; null where one is left out. They must not be
    /// written.</param>
    /// <param name="cancellation">Stops the run; whatever takes more than milliseconds looks at it.</param>
    /// <returns>A tensor for each output that the node names, in their order, each with an array of its own. Types and
    /// shapes are those of <see cref="Operator.Infer"/>, or else the run fails with a
    /// <see cref="ModelException"/>.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled. Other exceptions reach the caller of the run
    /// too.</exception>
    Tensor[] Run(Node node, IReadOnlyList<Tensor?> inputs, CancellationToken cancellation);
}

/// <summary>The kernels that a model was given, for the nodes of a network.</summary>
internal sealed class GivenKernels
{
    private readonly Dictionary<Node, IOperatorKernel> kernels = new(ReferenceEqualityComparer.Instance);

    /// <summary>Asks each kernel which nodes it computes; the first that does is taken.</summary>
    public GivenKernels(ImmutableArray<IOperatorKernel> given, KnownValues known)
    {
        foreach (Node node in given.IsEmpty ? [] : known.Nodes)
        {
            ImmutableArray<TensorType?> inputs = [.. node.Inputs.Select(i => i.Length == 0 ? null : known.Type(i))];
            if (given.FirstOrDefault(k => k.OperatorType == node.Operator.Type && k.CanRun(node, inputs)) is { } kernel)
                kernels.Add(node, kernel);
        }
    }

    /// <summary>The kernel for a node; null if the runtime's own computes it.</summary>
    public IOperatorKernel? For(Node node) => kernels.GetValueOrDefault(node);

    /// <summary>A given kernel as one of the runtime's, whose results are checked.</summary>
    public static Kernel Checked(IOperatorKernel kernel, Node node) =>
        (op, inputs, context) =>
        {
            Tensor[] made = kernel.Run(node, inputs, context.Threads.Token);
            ImmutableArray<TensorType?> expected = op.InferAtRun(context.Known, context.Wanted);
            for (int i = 0; i < context.Wanted; i++)
                if (node.Outputs[i].Length > 0 && Fault(made, i, expected[i]) is { } fault)
                    throw new ModelException(
                        $"kernel '{kernel.Name}' made {fault} of output '{node.Outputs[i]}', which is {expected[i]}"
                    );
            return made;
        };

    private static string? Fault(Tensor[] made, int output, TensorType? expected)
    {
        if (output >= made.Length || made[output] is null)
            return "nothing";
        Tensor tensor = made[output];
        bool fits =
            expected is null or { Type: ElementType.Unknown }
            || (tensor.Type == expected.Type && tensor.Shape.CanBe(expected.Shape));
        return fits ? null : $"{tensor}";
    }
}
