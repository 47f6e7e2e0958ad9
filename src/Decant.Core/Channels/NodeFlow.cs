namespace Decant.Core.Channels;

/// <summary>One node on the way of the channels: what its rule may ask and say.</summary>
internal sealed class NodeFlow(ChannelFlow flow, Node node)
{
    private readonly string why = node.ToString();

    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>Whether an input is given.</summary>
    public bool Has(int input) => input < node.Inputs.Length && node.Inputs[input].Length > 0;

    /// <summary>Whether an output is asked for.</summary>
    public bool Makes(int output) => output < node.Outputs.Length && node.Outputs[output].Length > 0;

    /// <summary>Whether an input is a weight.</summary>
    public bool IsWeight(int input) => Has(input) && flow.Network.Weights.TryGet(node.Inputs[input], out _);

    /// <summary>An input's shape; null if not even its rank is known.</summary>
    public Shape? Shape(int input) => Has(input) ? flow.Shapes[node.Inputs[input]]?.Shape : null;

    /// <summary>An output's shape; null if not even its rank is known.</summary>
    public Shape? OutputShape(int output = 0) => Makes(output) ? flow.Shapes[node.Outputs[output]]?.Shape : null;

    /// <summary>The integers of a constant input; null if it is left out or not constant.</summary>
    public long[]? Integers(int input) => flow.Network.Integers(node, input);

    /// <summary>Whether the integers of inputs are constant where they are given.</summary>
    public bool Knows(params ReadOnlySpan<int> inputs)
    {
        foreach (int input in inputs)
            if (Has(input) && Integers(input) is null)
                return false;
        return true;
    }

    /// <summary>The marks of an input; null if it is left out or its rank is not known.</summary>
    public int[]?[]? Input(int input) => Has(input) ? flow.Layout(node.Inputs[input]) : null;

    /// <summary>Sets the marks of an output.</summary>
    public void Output(int output, int[]?[]? layout)
    {
        if (Makes(output))
            flow.Set(node.Outputs[output], layout);
    }

    /// <summary>New marks.</summary>
    public int[] New(int count) => flow.UnionFind.New(count);

    /// <summary>Makes two marks mean the same channel.</summary>
    public void Join(int a, int b) => flow.UnionFind.Join(a, b);

    /// <summary>Joins the marks of two axes one by one; what has no partner is fixed.</summary>
    public void Join(int[]? a, int[]? b)
    {
        if (a is null || b is null || a.Length != b.Length)
        {
            Fix(a);
            Fix(b);
            return;
        }
        for (int i = 0; i < a.Length; i++)
            Join(a[i], b[i]);
    }

    /// <summary>Says of an axis that it cannot be pruned because of this node.</summary>
    public void Fix(int[]? axis)
    {
        foreach (int mark in axis ?? [])
            flow.UnionFind.Fix(mark, why);
    }

    /// <summary>Says of the axes for which something holds that they cannot be pruned.</summary>
    public void Fix(int[]?[] layout, Func<int, bool> which)
    {
        for (int axis = 0; axis < layout.Length; axis++)
            if (which(axis))
                Fix(layout[axis]);
    }

    /// <summary>
    /// Nothing is known of this operator: no channel goes into it or comes out of it that could be pruned.
    /// </summary>
    public void Stop()
    {
        for (int i = 0; i < node.Inputs.Length; i++)
            flow.Fix(Input(i), why);
        for (int i = 0; i < node.Outputs.Length; i++)
            Output(i, OutputShape(i) is { } s ? new int[]?[s.Rank] : null);
    }

    /// <summary>Whether the node splits channels into attention heads that are to be pruned whole.</summary>
    public bool SplitsHeads => flow.SplitsHeads(node);

    /// <summary>Says that channels of two computed inputs are multiplied one by one and summed over.</summary>
    public void Multiply(int left, int leftAxis, int right, int rightAxis)
    {
        int[]? marks = Input(left)![leftAxis];
        Join(marks, Input(right)![rightAxis]);
        if (marks is not null)
            flow.InnerProducts.Add(new InnerProduct(node, node.Inputs[left], node.Inputs[right], marks));
    }

    /// <summary>Says what an axis of an input is to its channels, if the input is a weight.</summary>
    public void Role(int input, int axis, ChannelRole role)
    {
        if (IsWeight(input))
            flow.Role(node.Inputs[input], axis, role);
    }

    /// <summary>Joins the channels of a value with the axis of a weight that reads them.</summary>
    public void Read(int value, int valueAxis, int weight, int weightAxis)
    {
        Join(Input(value)![valueAxis], Input(weight)![weightAxis]);
        Reads(value, weight, weightAxis);
    }

    /// <summary>Says that channels of a value are read with an axis of a weight.</summary>
    public void Reads(int value, int weight, int weightAxis)
    {
        Role(weight, weightAxis, ChannelRole.Consumer);
        flow.Readings.Add(new Reading(node, node.Inputs[value], node.Inputs[weight], weightAxis));
    }

    /// <summary>Says that the node reads the channels that it makes itself with an axis of a weight.</summary>
    public void ReadsOwn(int weight, int weightAxis)
    {
        Role(weight, weightAxis, ChannelRole.Consumer);
        flow.Readings.Add(new Reading(node, node.Outputs.First(o => o.Length > 0), node.Inputs[weight], weightAxis));
    }

    /// <summary>Says that this node makes channels with an axis of a weight.</summary>
    public int[]? Source(int weight, int axis)
    {
        int[]? marks = Input(weight)![axis];
        if (marks is not null && IsWeight(weight))
            flow.Sources.Add((node, marks));
        Role(weight, axis, ChannelRole.Producer);
        return marks;
    }
}

/// <summary>A node that reads the channels of a value with an axis of a weight.</summary>
internal sealed record Reading(Node Node, string Value, string Weight, int Axis);
