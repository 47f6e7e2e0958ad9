using System.Collections.Immutable;
using Decant.Runtime.Planning;

namespace Decant.Runtime.Kernels;

/// <summary>Runs the body of a node that has some.</summary>
internal interface IBody
{
    /// <summary>Runs it.</summary>
    /// <param name="inputs">A tensor for each of its inputs; null for one that is bound.</param>
    /// <param name="context">The node's.</param>
    /// <param name="left">The most bytes that its values may take.</param>
    /// <exception cref="ModelException">A node of it cannot compute what it is given; it is named.</exception>
    Tensor[] Run(Tensor?[] inputs, KernelContext context, long left);

    /// <summary>The value that an input is bound to; null if it is fed.</summary>
    Tensor? Bound(int input);
}

/// <summary>Runs a body node by node.</summary>
internal sealed class PlainBody(Network body) : IBody
{
    private readonly Schedule schedule = new(body);

    /// <summary>The kernel of a node, whose bodies run node by node.</summary>
    public static Kernel KernelOf(Node node) =>
        node.Operator is Operators.ControlFlowOperator flow
            ? ControlFlow.KernelOf(flow, [.. flow.Bodies.Select(body => new PlainBody(body))])
            : KernelCatalogue.For(node);

    public Tensor[] Run(Tensor?[] inputs, KernelContext context, long left)
    {
        Tensor?[] values = schedule.Begin(inputs!);
        var memory = new RunMemory(values.Length, left);
        foreach (Step step in schedule.Steps)
            step.Run(values, context.Threads, memory);
        return schedule.End(values);
    }

    public Tensor? Bound(int input) => null;
}

/// <summary>
/// Runs a body in a session of its own, which plans it for the shapes that it is fed. Sessions of bodies use one
/// thread.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="bound">What is constant of its inputs: its weights.</param>
/// <param name="options">What the plan around it is made for.</param>
internal sealed class SessionBody(Network body, Encoding?[] bound, PlanOptions options) : IBody
{
    private readonly List<int> fed = [];
    private InferenceSession? session;

    public Tensor[] Run(Tensor?[] inputs, KernelContext context, long left)
    {
        session ??= Session(inputs, left);
        var given = new Tensor[fed.Count];
        for (int i = 0; i < given.Length; i++)
            given[i] = inputs[fed[i]]!;
        long before = session.HeldBytes;
        try
        {
            return (Tensor[])session.Run(given, context.Threads.Token);
        }
        finally
        {
            context.Memory.Hold(session.HeldBytes - before);
        }
    }

    public Tensor? Bound(int input) => bound[input]?.Decode();

    private InferenceSession Session(Tensor?[] inputs, long left)
    {
        var infos = ImmutableArray.CreateBuilder<ValueInfo>();
        var weights = new List<Weight>();
        for (int i = 0; i < inputs.Length; i++)
        {
            string name = body.Inputs[i].Name;
            if (bound[i] is { } encoding)
                weights.Add(new Weight(name, encoding));
            else if (body.Graph.Uses(name) > 0 || body.Graph.IsOutput(name))
            {
                fed.Add(i);
                infos.Add(new ValueInfo(name, new TensorType(inputs[i]!.Type, null)));
            }
        }
        var network = new Network(body.Name, infos.ToImmutable(), body.Outputs, body.Nodes, weights);
        var model = new InferenceModel(
            network,
            new InferenceOptions
            {
                MaxValueBytes = Math.Max(0, left),
                Measure = options.Measure,
                Kernels = options.Kernels,
            },
            options.Width,
            options.ByteDotProducts
        );
        return model.CreateSession();
    }
}
