using Decant.Core;
using Decant.Data;
using Decant.Runtime;

namespace Decant.Techniques.Statistics;

/// <summary>
/// Runs a network on the managed runtime up to some of its activations, and shows them. It computes nothing that they
/// do not need, and holds the activations of one batch.
/// </summary>
public sealed class NetworkObserver : IDisposable
{
    private readonly Dictionary<string, int> inputs = new(StringComparer.Ordinal);
    private readonly HashSet<string> made;
    private readonly Dictionary<string, float[]> moved = new(StringComparer.Ordinal);
    private readonly InferenceSession? session;
    private FedBatch? fed;

    /// <summary>Prepares a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="activations">Names of inputs, or of floats that nodes compute.</param>
    /// <param name="threads">The most threads that compute, 0 for one a processor; results do not depend on it.</param>
    /// <exception cref="ModelException">The network has no such activation; it is named.</exception>
    public NetworkObserver(Network network, IEnumerable<string> activations, int threads = 0)
    {
        (Network, Threads) = (network, threads);
        for (int i = 0; i < network.Inputs.Length; i++)
            inputs[network.Inputs[i].Name] = i;
        string[] wanted = [.. activations.Distinct(StringComparer.Ordinal).Where(a => !inputs.ContainsKey(a))];
        made = [.. wanted];
        if (wanted.Length > 0)
            session = new InferenceModel(
                PartOf(network, wanted),
                new InferenceOptions { Threads = threads }
            ).CreateSession();
    }

    /// <summary>The whole network.</summary>
    public Network Network { get; }

    /// <summary>The most threads that compute, 0 for one a processor.</summary>
    internal int Threads { get; }

    /// <summary>An activation in the batch that was run last; valid until the next.</summary>
    /// <remarks>Where another axis counts the examples, as within recurrent layers, it is moved to the front; where
    /// axis 0 counts examples and something else, such as steps, the examples are its parts of equal length.</remarks>
    /// <exception cref="ModelException">It is not among those that are observed, holds no floats, or no axis counts the
    /// examples.</exception>
    public Activation this[string name]
    {
        get
        {
            FedBatch batch = fed ?? throw new ModelException($"activation '{name}' is not there before a run");
            int rows = RowsOf(batch);
            if (inputs.TryGetValue(name, out int input))
                return Activation.Of(
                    name,
                    ShapeIn(batch, batch.Inputs[input].Shape),
                    rows,
                    batch.Count,
                    Floats(name, batch, input)
                );
            if (!made.Contains(name))
                throw new ModelException($"activation '{name}' is not among those that are observed");
            Shape shape = ShapeIn(batch, session!.OutputShape(name));
            ReadOnlySpan<float> values = session.Output<float>(name);
            int axis = Math.Max(0, shape.Dims.IndexOf(rows));
            if (axis > 0)
            {
                values = Moved(name, shape, axis, values);
                shape = new Shape([rows, .. shape.Dims.RemoveAt(axis)]);
            }
            else if (shape.Rank > 0 && shape[0] != rows && rows > 0 && shape[0] % rows == 0)
                shape = new Shape([rows, shape[0] / rows, .. shape.Dims[1..]]);
            return Activation.Of(name, shape, rows, batch.Count, values);
        }
    }

    /// <summary>
    /// All elements of an activation that a node computes in the batch that was run last, whatever its axes count;
    /// valid until the next.
    /// </summary>
    public ReadOnlySpan<float> All(string name) => session!.Output<float>(name);

    /// <summary>Whether an observed activation had a row an example in the batch that was run last.</summary>
    public bool IsOfExamples(string name) =>
        inputs.ContainsKey(name)
        || (ShapeIn(fed!, session!.OutputShape(name)) is { Rank: > 0 } shape && shape[0] == RowsOf(fed!));

    /// <summary>Ends the runtime's threads.</summary>
    public void Dispose() => session?.Dispose();

    /// <summary>Computes the activations of a batch.</summary>
    /// <exception cref="ModelException">A node cannot compute what it is given; it is named.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between layers.</exception>
    internal void Run(FedBatch batch, CancellationToken cancellation)
    {
        fed = batch;
        if (session is null)
            return;
        session.Prepare([.. batch.Inputs.Select(i => i.Shape)], cancellation);
        for (int i = 0; i < batch.Inputs.Length; i++)
            Feed(Network.Inputs[i].Name, batch.Inputs[i]);
        session.Run(cancellation);
    }

    private static int RowsOf(FedBatch batch) => batch.IsWhole ? 1 : batch.Inputs[0].Shape[0];

    /// <summary>A shape with an axis of examples: where inputs have none, nor need activations.</summary>
    private static Shape ShapeIn(FedBatch batch, Shape shape) =>
        batch.IsWhole && (shape.Rank == 0 || shape[0] != 1) ? new Shape([1, .. shape.Dims]) : shape;

    /// <summary>The elements with an axis moved to the front, in a buffer of this activation.</summary>
    private float[] Moved(string name, Shape shape, int axis, ReadOnlySpan<float> values)
    {
        if (!moved.TryGetValue(name, out float[]? to) || to.Length != values.Length)
            moved[name] = to = new float[values.Length];
        int examples = shape[axis],
            inner = (int)shape.CountFrom(axis + 1),
            outer = values.Length / Math.Max(1, examples * inner);
        for (int o = 0; o < outer; o++)
        for (int e = 0; e < examples; e++)
            values.Slice((o * examples + e) * inner, inner).CopyTo(to.AsSpan((e * outer + o) * inner, inner));
        return to;
    }

    private void Feed(string name, Tensor value)
    {
        switch (value.Type)
        {
            case ElementType.Float32:
                value.Span<float>().CopyTo(session!.Input<float>(name));
                break;
            case ElementType.Float16:
                value.Span<Half>().CopyTo(session!.Input<Half>(name));
                break;
            case ElementType.Int64:
                value.Span<long>().CopyTo(session!.Input<long>(name));
                break;
            case ElementType.Int32:
                value.Span<int>().CopyTo(session!.Input<int>(name));
                break;
            case ElementType.Bool:
                value.Span<bool>().CopyTo(session!.Input<bool>(name));
                break;
            default:
                throw new ModelException(
                    $"input '{name}' takes {value.Type}; activations are observed of networks that take floats, "
                        + "32- and 64-bit integers or truth values"
                );
        }
    }

    private static ReadOnlySpan<float> Floats(string name, FedBatch batch, int input) =>
        batch.Inputs[input] is { Type: ElementType.Float32 } tensor
            ? tensor.Span<float>()
            : throw new ModelException($"input '{name}' holds {batch.Inputs[input].Type}; only floats are observed");

    /// <summary>The nodes that the activations depend on; the inputs stay as they are.</summary>
    private static Network PartOf(Network network, string[] activations)
    {
        var shapes = NetworkShapes.Of(network);
        var needed = new HashSet<string>(activations, StringComparer.Ordinal);
        var nodes = new Stack<Node>();
        foreach (Node node in network.Nodes.Reverse())
        {
            if (!node.Outputs.Any(needed.Contains))
                continue;
            nodes.Push(node);
            needed.UnionWith(node.Inputs);
        }
        HashSet<string> computed = [.. nodes.SelectMany(n => n.Outputs)];
        if (Array.Find(activations, a => !computed.Contains(a)) is { } missing)
            throw new ModelException($"the network has no activation '{missing}'");
        return new Network(
            network.Name,
            network.Inputs,
            [.. activations.Select(a => new ValueInfo(a, shapes[a] ?? new TensorType(ElementType.Float32, null)))],
            [.. nodes],
            network.Weights.Where(w => needed.Contains(w.Name))
        );
    }
}

/// <summary>An activation of the examples of one batch.</summary>
public readonly ref struct Activation
{
    private Activation(Shape shape, int count, ReadOnlySpan<float> values)
    {
        (Shape, Count) = (shape, count);
        Values = values;
    }

    /// <summary>The shape of one example, without the batch.</summary>
    public Shape Shape { get; }

    /// <summary>How many examples there are.</summary>
    public int Count { get; }

    /// <summary>The elements, row-major, one example after the other.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The elements of one example, row-major.</summary>
    public ReadOnlySpan<float> this[int example] =>
        Values.Slice(example * (Values.Length / Count), Values.Length / Count);

    /// <exception cref="ModelException">No axis counts the examples.</exception>
    internal static Activation Of(string name, Shape shape, int rows, int count, ReadOnlySpan<float> values) =>
        shape.Rank > 0 && shape[0] == rows
            ? new Activation(
                new Shape(shape.Dims.AsSpan()[1..]),
                count,
                values[..(int)((long)values.Length / Math.Max(1, rows) * count)]
            )
            : throw new ModelException(
                $"activation '{name}' is of shape {shape} for {rows} examples: only activations of which an axis "
                    + "counts the examples are observed"
            );
}
