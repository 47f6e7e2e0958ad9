using Decant.Conformance;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Formats.Onnx;
using Decant.Runtime;

namespace Decant.Tests.Traits;

/// <summary>One operator with inputs, from ONNX's cases, which can be run with other inputs.</summary>
internal sealed class OperatorCase
{
    private const int MostElements = 8;
    private static readonly Lazy<IReadOnlyList<OperatorCase>> Cases = new(Load);
    private readonly Network network;
    private readonly Tensor[] inputs;
    private readonly Rng rng;

    private OperatorCase(string name, Network network, Tensor[] inputs)
    {
        (Name, this.network, this.inputs, Node) = (name, network, inputs, network.Nodes[0]);
        rng = Rng.For(1, name);
    }

    public string Name { get; }

    public Node Node { get; }

    /// <summary>How many inputs are computed on, rather than settings.</summary>
    public int ComputedInputs => Node.Inputs.Where((name, i) => name.Length > 0 && !Node.Operator.IsSetting(i)).Count();

    public static IReadOnlyList<OperatorCase> All() => Cases.Value;

    public bool? IsElementwise()
    {
        Tensor x = inputs[0];
        if (x.Count == 0)
            return null;
        Tensor y = Run(inputs);
        int[]? from = Sources(x.Shape, y.Shape);
        if (from is null)
            return false;
        for (int k = 0; k < MostElements; k++)
        {
            int at = rng.Next(x.Count);
            if (Try(Changed(x, at)) is not { } other || other.Shape != y.Shape)
                return false;
            int size = y.Type.Size();
            for (int i = 0; i < y.Count; i++)
                if (from[i] != at && !Element(y, i, size).SequenceEqual(Element(other, i, size)))
                    return false;
        }
        return true;
    }

    public bool? ScalesWithItsChannels()
    {
        Tensor x = inputs[0];
        if (x.Type != ElementType.Float32 || x.Shape.Rank < 2 || x.Count == 0 || IsTraining)
            return null;
        int channels = x.Shape[1],
            inner = (int)x.Shape.CountFrom(2);
        float[] scales = [.. Enumerable.Range(0, channels).Select(c => MathF.Pow(2, (c % 5) - 1))];
        Tensor y = Run(inputs);
        Tensor scaled = Tensor.Of(x.Shape, [.. x.Array<float>().Select((v, i) => v * scales[i / inner % channels])]);
        if (Try(scaled) is not { Type: ElementType.Float32 } other || other.Shape != y.Shape)
            return false;
        if (y.Shape.Rank < 2 || y.Shape[1] == 0 || y.Shape[1] % channels != 0)
            return false;
        int made = y.Shape[1],
            each = made / channels;
        inner = (int)y.Shape.CountFrom(2);
        for (int i = 0; i < y.Count; i++)
        {
            float expected = y.Array<float>()[i] * scales[i / inner % made / each];
            if (!(Math.Abs(other.Array<float>()[i] - expected) <= 1e-5f * Math.Max(1, Math.Abs(expected))))
                return false;
        }
        return true;
    }

    /// <summary>Whether elements of the outputs come from the same places whatever they are.</summary>
    public bool? MovesElements()
    {
        if (inputs[0].Type != ElementType.Float32 || inputs[0].Count == 0 || IsTraining)
            return null;
        (Tensor x1, Tensor x2) = (Distinct(1), Distinct(2));
        if (Try(x1) is not { Type: ElementType.Float32 } y1 || Try(x2) is not { } y2 || y1.Shape != y2.Shape)
            return false;
        var places = new Dictionary<float, int>();
        for (int i = 0; i < x1.Count; i++)
            places.Add(x1.Array<float>()[i], i);
        HashSet<float> others = [0, .. Others(settings: true)];
        for (int i = 0; i < y1.Count; i++)
        {
            (float a, float b) = (y1.Array<float>()[i], y2.Array<float>()[i]);
            bool moved = places.TryGetValue(a, out int at) ? b == x2.Array<float>()[at] : others.Contains(a) && a == b;
            if (!moved)
                return false;
        }
        return true;
    }

    /// <summary>Whether all elements of output 0 are elements of computed inputs.</summary>
    public bool? TakesElements()
    {
        if (inputs[0].Type != ElementType.Float32 || inputs[0].Count == 0 || IsTraining)
            return null;
        Tensor x = Distinct(3);
        if (Try(x) is not { Type: ElementType.Float32 } y)
            return false;
        HashSet<float> all = [.. x.Array<float>(), .. Others(settings: false)];
        return y.Array<float>().All(all.Contains);
    }

    /// <summary>
    /// How the outputs and inputs that elements of a layer's weight belong to differ from what its axes say; empty if
    /// they do not, null if it is no layer.
    /// </summary>
    public string? AxesDifference()
    {
        if (Node.Operator is not LinearOperator layer || inputs[1].Shape.Rank < 2 || inputs[0].Shape.Rank < 2)
            return null;
        Tensor x = inputs[0],
            w = inputs[1];
        if (layer.AxesOf(1, w.Shape) is not { } axes)
            return $"it says no axes for {w.Shape}";
        if (w.Type != ElementType.Float32 || (layer is MatMul && w.Shape.Rank > 2))
            return null;
        Tensor y = Run(inputs);
        int outputAxis = layer.OutputChannelAxis(y.Shape.Rank),
            inputAxis = layer.InputChannelAxis(x.Shape.Rank);
        for (int k = 0; k < MostElements; k++)
        {
            int at = rng.Next(w.Count);
            var (output, input) = Channels(axes, at);
            int channel = rng.Next(x.Shape[inputAxis]);
            Tensor only = Tensor.Of(
                x.Shape,
                [.. x.Array<float>().Select((_, i) => Place(x.Shape, inputAxis, i) == channel ? 1f : 0)]
            );
            Tensor[] before = [only, w, .. inputs[2..]],
                after = [only, Changed(w, at), .. inputs[2..]];
            (Tensor y1, Tensor y2) = (Run(before), Run(after));
            int[] changed =
            [
                .. Enumerable
                    .Range(0, y1.Count)
                    .Where(i => y1.Array<float>()[i] != y2.Array<float>()[i])
                    .Select(i => Place(y1.Shape, outputAxis, i))
                    .Distinct(),
            ];
            if (channel == input ? !(changed is [] || changed[0] == output && changed.Length == 1) : changed.Length > 0)
                return $"element {at} is of output {output} and input {input}; input {channel} changes "
                    + $"{string.Join(',', changed)}";
            if (axes.OutputAxis is { } axis && Place(w.Shape, axis, at) != output)
                return $"element {at} is not at {output} along axis {axis}";
        }
        return "";
    }

    private bool IsTraining => Node.Operator is Dropout && Node.Inputs.Length > 2;

    private static (int Output, int Input) Channels(LayerAxes axes, int at)
    {
        long second = at / axes.Kernel % axes.Second,
            first = at / (axes.Kernel * axes.Second) % axes.First,
            group = at / (axes.Kernel * axes.Second * axes.First);
        return axes.Output == 1
            ? ((int)(group * axes.First + first), (int)(group * axes.Second + second))
            : ((int)(group * axes.Second + second), (int)(group * axes.First + first));
    }

    private static int Place(Shape shape, int axis, int i) => i / (int)shape.CountFrom(axis + 1) % shape[axis];

    private static IReadOnlyList<OperatorCase> Load()
    {
        using CaseFolder folder = CaseFolder.Open(DataFactAttribute.PathOf("onnx-conformance.tar.gz"));
        return
        [
            .. folder
                .Cases.Where(c => OperatorTypes.Of(File.ReadAllBytes(c.Model)).All(OperatorCatalogue.Has))
                .Select(Of)
                .OfType<OperatorCase>(),
        ];
    }

    /// <summary>A case of one node whose inputs are the network's, in order; null if it is another.</summary>
    private static OperatorCase? Of(ConformanceCase test)
    {
        Network network = OnnxReader.Read(test.Model);
        Tensor[] inputs = [.. ConformanceCase.Tensors(test.DataSets.First(), "input").Select(TensorProtoReader.Read)];
        return
            network.Nodes is [var node]
            && node.Outputs[0] == network.Outputs[0].Name
            && node.Inputs.Where(i => i.Length > 0).SequenceEqual(network.Inputs.Select(i => i.Name))
            && node.Inputs[0].Length > 0
            ? new OperatorCase(test.Name, network, inputs)
            : null;
    }

    private Tensor Run(Tensor[] with)
    {
        using var executor = new ReferenceExecutor(network, threads: 1);
        return executor.Run(with)[0];
    }

    /// <summary>Output 0 with another input 0; null if that is refused.</summary>
    private Tensor? Try(Tensor first)
    {
        try
        {
            return Run([first, .. inputs[1..]]);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Input 0 with distinct elements of either sign, in an order that the seed says.</summary>
    private Tensor Distinct(int seed)
    {
        Rng order = Rng.For((ulong)seed, Name);
        float[] values = [.. Enumerable.Range(0, inputs[0].Count).Select(i => 1000.375f + 1.25f * i)];
        order.Shuffle(values.AsSpan());
        return Tensor.Of(inputs[0].Shape, Array.ConvertAll(values, v => order.Next(2) == 0 ? v : -v));
    }

    private IEnumerable<float> Others(bool settings)
    {
        int[] given = [.. Enumerable.Range(0, Node.Inputs.Length).Where(i => Node.Inputs[i].Length > 0)];
        return given
            .Where((input, i) => i > 0 && (settings || !Node.Operator.IsSetting(input)))
            .Select(input => inputs[Array.IndexOf(given, input)])
            .Where(t => t.Type == ElementType.Float32)
            .SelectMany(t => t.Array<float>());
    }

    /// <summary>For each element of a result, the element of an operand that broadcasts to it.</summary>
    private static int[]? Sources(Shape operand, Shape result)
    {
        if (operand.Rank > result.Rank)
            return null;
        for (int axis = 1; axis <= operand.Rank; axis++)
            if (operand[-axis] != 1 && operand[-axis] != result[-axis])
                return null;
        return
        [
            .. Enumerable
                .Range(0, (int)result.Count)
                .Select(i =>
                {
                    int at = 0;
                    for (int axis = 0; axis < operand.Rank; axis++)
                    {
                        int place = Place(result, axis + result.Rank - operand.Rank, i);
                        at = at * operand[axis] + (operand[axis] == 1 ? 0 : place);
                    }
                    return at;
                }),
        ];
    }

    private static Tensor Changed(Tensor x, int at)
    {
        Tensor changed = Tensor.Zeros(x.Type, x.Shape);
        x.Bytes().CopyTo(changed.Bytes());
        int size = x.Type.Size();
        Span<byte> element = changed.Bytes().Slice(at * size, size);
        if (x.Type == ElementType.Float32)
            changed.Array<float>()[at] = -1.7f * changed.Array<float>()[at] + 0.6f;
        else
            element[0] ^= 1;
        return changed;
    }

    private static ReadOnlySpan<byte> Element(Tensor t, int i, int size) => t.Bytes().Slice(i * size, size);
}
