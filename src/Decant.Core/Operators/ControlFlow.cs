using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// An operator that runs networks: its attributes hold them, as bodies. A body has no weights and reads nothing but its
/// inputs. Values around the node that its bodies read are captured: they are the node's last inputs, and the last
/// inputs of each body.
/// </summary>
/// <remarks>
/// So the network around it is a plain graph of values, and weights that bodies use are weights of that network.
/// </remarks>
public abstract class ControlFlowOperator : Operator
{
    /// <summary>How many bodies may lie in each other.</summary>
    public const int MostDepth = 32;

    /// <summary>The attribute that says how many of a node's inputs are captured, where their count does not.</summary>
    public const string CapturedName = "captured";

    private readonly int depth = 1;

    private protected ControlFlowOperator(
        string type,
        Attributes attributes,
        string[] bodies,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, (0, int.MaxValue), known)
    {
        Bodies = ImmutableArray.Create(Array.ConvertAll(bodies, attributes.Body));
        foreach (Network body in Bodies)
        {
            if (body.Weights.Count > 0)
                throw new ModelException($"a body has weight '{body.Weights[0].Name}'; weights are captured");
            foreach (Node node in body.Nodes)
                if (node.Operator is ControlFlowOperator inner)
                    depth = Math.Max(depth, inner.depth + 1);
        }
        if (depth > MostDepth)
            throw new ModelException($"bodies lie in each other more than {MostDepth} deep");
    }

    /// <summary>The networks that it runs.</summary>
    public ImmutableArray<Network> Bodies { get; }

    /// <summary>How many inputs of a node are its own; those after them are captured.</summary>
    public abstract int OwnInputs { get; }

    /// <inheritdoc/>
    public sealed override int Opset
    {
        get
        {
            int opset = FirstOpset;
            foreach (Network body in Bodies)
            foreach (Node node in body.Nodes)
                opset = Math.Max(opset, node.Operator.Opset);
            return opset;
        }
    }

    /// <summary>How many inputs a node has.</summary>
    public int InputCount => Bodies[0].Inputs.Length + Shift;

    /// <summary>Those of the layer in a body that multiplies by the input; null where layers differ in them.</summary>
    public sealed override LayerAxes? AxesOf(int input, Shape weight)
    {
        LayerAxes? found = null;
        bool differs = false;
        ForReaders(input, (op, i) =>
        {
            LayerAxes? axes = op.AxesOf(i, weight);
            differs |= axes is not null && found is not null && axes.OutputAxis != found.OutputAxis;
            found ??= axes;
        });
        return differs ? null : found;
    }

    /// <summary>The axis along which a body looks up slices of the input.</summary>
    public sealed override int? LookupAxis(int input, Shape table)
    {
        int? found = null;
        ForReaders(input, (op, i) => found ??= op.LookupAxis(i, table));
        return found;
    }

    /// <inheritdoc/>
    public sealed override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    internal sealed override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>How many inputs of a node come before those that its bodies have too.</summary>
    private protected abstract int Shift { get; }

    /// <summary>How many inputs of a node are no data.</summary>
    private protected abstract int Settings { get; }

    /// <summary>Whether an input says how to compute: all readers in the bodies say so, and no body makes it.</summary>
    public sealed override bool IsSetting(int input)
    {
        if (input < Settings)
            return true;
        bool isRead = false,
            isData = false;
        foreach (Network body in Bodies)
            isData |= body.Graph.IsOutput(body.Inputs[input - Shift].Name);
        ForReaders(input, (op, i) =>
        {
            isRead = true;
            isData |= !op.IsSetting(i);
        });
        return isRead && !isData;
    }

    /// <inheritdoc/>
    public sealed override void CheckCounts(Node node)
    {
        if (node.Inputs.Length != InputCount)
            throw new ModelException($"{node} has {node.Inputs.Length} inputs; its body takes {InputCount}");
        if (node.Outputs.Length > MostOutputs)
            throw new ModelException($"{node} has {node.Outputs.Length} outputs; its body makes {MostOutputs}");
        bool named = false;
        foreach (string output in node.Outputs)
            named |= output.Length > 0;
        if (!named)
            throw new ModelException($"{node} has no output");
        for (int i = 0; i < node.Inputs.Length; i++)
            if (node.Inputs[i].Length == 0 && !MayLeaveOut(i))
                throw new ModelException($"{node} leaves out input {i}, which {Type} needs");
    }

    /// <summary>Checks element types and shapes of the inputs, as far as they are known.</summary>
    /// <exception cref="ModelException">One does not fit; it is named as the body names it.</exception>
    public void CheckInputs(OperatorInputs inputs)
    {
        if (inputs.Types.Length != InputCount)
            throw new ModelException($"{inputs.Types.Length} inputs given; its body takes {InputCount}");
        Check(inputs);
    }

    private protected abstract void Check(OperatorInputs inputs);

    private protected virtual bool MayLeaveOut(int input) => false;

    /// <summary>Checks the inputs that the first body takes as they are against what it states.</summary>
    private protected void CheckStated(OperatorInputs inputs, int from, int to)
    {
        for (int i = from; i < to; i++)
            CheckStated(inputs.Types[i], Bodies[0].Inputs[i - Shift]);
    }

    private protected static void CheckStated(TensorType? given, ValueInfo stated)
    {
        if (given is null)
            return;
        if (
            (
                stated.Type.Type != ElementType.Unknown
                && given.Type != ElementType.Unknown
                && given.Type != stated.Type.Type
            )
            || given.Shape?.CanBe(stated.Type.Shape) == false
        )
            throw new ModelException($"its body expects '{stated.Name}' as {stated.Type}, and is given {given}");
    }

    /// <summary>
    /// Shapes within a body; null where its nodes do not fit what they are given, of which a run tells if it comes to
    /// that.
    /// </summary>
    private protected static NetworkShapes? ShapesOf(Network body, TensorType?[] types, Tensor?[] constants)
    {
        try
        {
            return NetworkShapes.OfBody(body, types, constants);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>The type of an output of a body: as found, or as stated.</summary>
    private protected static TensorType OutputOf(Network body, int output, NetworkShapes? shapes)
    {
        ValueInfo stated = body.Outputs[output];
        TensorType? found = shapes?[stated.Name];
        return found is null or { Type: ElementType.Unknown } ? stated.Type with { Shape = null } : found;
    }

    private protected static long MacsOf(Network body, NetworkShapes? shapes)
    {
        long macs = 0;
        if (shapes is not null)
            foreach (Node node in body.Nodes)
                macs += shapes.Macs(node);
        return macs;
    }

    /// <summary>A state after iterations: as before the first, where the body leaves it so.</summary>
    /// <exception cref="ModelException">Its element type changes.</exception>
    private protected static TensorType State(ValueInfo input, TensorType? before, TensorType after)
    {
        if (before is null or { Type: ElementType.Unknown })
            return after with { Shape = null };
        if (after.Type != ElementType.Unknown && after.Type != before.Type)
            throw new ModelException($"'{input.Name}' is {before.Type} before an iteration and {after.Type} after it");
        return before.Shape == after.Shape ? before : before with { Shape = null };
    }

    /// <summary>Calls with each operator in a body that reads an input of a node, and with which of its own.</summary>
    private void ForReaders(int input, Action<Operator, int> read)
    {
        if (input < Settings)
            return;
        foreach (Network body in Bodies)
        {
            string name = body.Inputs[input - Shift].Name;
            foreach (Node reader in body.Graph.Consumers(name))
                for (int i = 0; i < reader.Inputs.Length; i++)
                    if (reader.Inputs[i] == name)
                        read(reader.Operator, i);
        }
    }
}

/// <summary>ONNX If: one of two bodies runs, as the truth value that is input 0 says.</summary>
public sealed class If : ControlFlowOperator
{
    /// <summary>Holds the branches.</summary>
    /// <exception cref="ModelException">A branch is missing, or they differ in how much they take or make.</exception>
    public If(Attributes attributes)
        : base("If", attributes, ["then_branch", "else_branch"], "then_branch", "else_branch")
    {
        if (Then.Inputs.Length != Else.Inputs.Length || Then.Outputs.Length != Else.Outputs.Length)
            throw new ModelException(
                $"its branches have {Then.Inputs.Length} and {Else.Inputs.Length} inputs, {Then.Outputs.Length} and "
                    + $"{Else.Outputs.Length} outputs; both must have as many"
            );
    }

    /// <summary>What runs where the condition is true.</summary>
    public Network Then => Bodies[0];

    /// <summary>What runs where the condition is false.</summary>
    public Network Else => Bodies[1];

    /// <inheritdoc/>
    public override int OwnInputs => 1;

    /// <inheritdoc/>
    protected override int MostOutputs => Then.Outputs.Length;

    private protected override int Shift => 1;

    private protected override int Settings => 1;

    private protected override void Check(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Bools);
        inputs.RequireSingle(0);
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        CheckInputs(inputs);
        NetworkShapes? then = Branch(inputs, Then, true),
            otherwise = Branch(inputs, Else, false);
        var made = new TensorType?[Then.Outputs.Length];
        for (int i = 0; i < made.Length; i++)
        {
            TensorType a = OutputOf(Then, i, then),
                b = OutputOf(Else, i, otherwise);
            made[i] =
                a.Type != b.Type ? new TensorType(ElementType.Unknown, null) : new TensorType(a.Type, Either(a, b));
            if (Known(inputs) is { } condition)
                made[i] = condition ? a : b;
        }
        return ImmutableArray.Create(made);
    }

    /// <summary>Those of the branch that takes more.</summary>
    public override long Macs(OperatorInputs inputs) =>
        Math.Max(MacsOf(Then, Branch(inputs, Then, true)), MacsOf(Else, Branch(inputs, Else, false)));

    private static bool? Known(OperatorInputs inputs) =>
        inputs.Constant(0) is { Type: ElementType.Bool, Count: 1 } condition ? condition.Span<bool>()[0] : null;

    private static NetworkShapes? Branch(OperatorInputs inputs, Network body, bool when) =>
        Known(inputs) == !when
            ? null
            : ShapesOf(body, [.. inputs.Types.AsSpan()[1..]], [.. inputs.Constants.AsSpan()[1..]]);

    private static Shape? Either(TensorType a, TensorType b)
    {
        if (a.Shape is not { } one || b.Shape is not { } other || one.Rank != other.Rank)
            return null;
        for (int axis = 0; axis < one.Rank; axis++)
            if (one[axis] != other[axis])
                one = one.With(axis, Shape.Unknown);
        return one;
    }
}

/// <summary>
/// ONNX Loop: a body runs over and over. It is given the iteration, the condition and what it made in the iteration
/// before, and makes the next condition, the next values, and what is stacked over all iterations along a new axis 0.
/// </summary>
public sealed class Loop : ControlFlowOperator
{
    private readonly int captured;

    /// <summary>Holds the body.</summary>
    /// <exception cref="ModelException">It is missing, or takes or makes too little.</exception>
    public Loop(Attributes attributes)
        : base("Loop", attributes, ["body"], "body", CapturedName)
    {
        captured = attributes.Int32(CapturedName, 0);
        if (captured < 0 || Carried < 0 || Body.Outputs.Length < 1 + Carried)
            throw new ModelException(
                $"its body has {Body.Inputs.Length} inputs, {captured} of them captured, and {Body.Outputs.Length} "
                    + "outputs: it takes an iteration, a condition and values, and makes a condition and values"
            );
    }

    /// <summary>What runs.</summary>
    public Network Body => Bodies[0];

    /// <summary>How many values an iteration hands to the next.</summary>
    public int Carried => Body.Inputs.Length - 2 - captured;

    /// <inheritdoc/>
    public override int OwnInputs => 2 + Carried;

    /// <inheritdoc/>
    protected override int MostOutputs => Body.Outputs.Length - 1;

    private protected override int Shift => 0;

    private protected override int Settings => 2;

    private protected override void Check(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Of(ElementType.Int64));
        inputs.RequireSingle(0);
        inputs.RequireType(1, TypeSet.Bools);
        inputs.RequireSingle(1);
        CheckStated(inputs, 2, OwnInputs);
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        CheckInputs(inputs);
        NetworkShapes? shapes = Shapes(inputs);
        var made = new TensorType?[Body.Outputs.Length - 1];
        bool stays = true;
        for (int i = 0; i < Carried; i++)
        {
            made[i] = State(Body.Inputs[2 + i], inputs.Types[2 + i], OutputOf(Body, 1 + i, shapes));
            stays &= made[i]!.Shape is not null;
        }
        // What holds for the first iteration holds for all only where the values keep their shapes.
        for (int i = 0; i < made.Length; i++)
            if (!stays)
                made[i] = OutputOf(Body, 1 + i, shapes) with { Shape = null };
            else if (i >= Carried)
                made[i] = Stacked(OutputOf(Body, 1 + i, shapes));
        return ImmutableArray.Create(made);
    }

    /// <summary>Those of one iteration.</summary>
    public override long Macs(OperatorInputs inputs) => MacsOf(Body, Shapes(inputs));

    private protected override bool MayLeaveOut(int input) => input < 2;

    private NetworkShapes? Shapes(OperatorInputs inputs)
    {
        TensorType?[] types = [.. inputs.Types];
        Tensor?[] constants = [.. inputs.Constants];
        types[0] = types[1] = null;
        Array.Clear(constants, 0, OwnInputs);
        return ShapesOf(Body, types, constants);
    }

    private static TensorType Stacked(TensorType one)
    {
        if (one.Shape is not { } shape)
            return one;
        return one with { Shape = new Shape([Shape.Unknown, .. shape.Dims]) };
    }
}
