using System.Collections.Immutable;
using Decant.Core.Channels.Rules;

namespace Decant.Core;

/// <summary>
/// An operator with its attributes, in the one canonical form that import brings every opset to: ONNX opset 21. It
/// knows its shape rule, its cost, its <see cref="OperatorTraits"/> and what it does with channels; executors know how
/// to compute it.
/// </summary>
public abstract class Operator
{
    /// <summary>The opset of the canonical form.</summary>
    public const int FirstOpset = 21;

    private readonly int minInputs,
        maxInputs;

    /// <summary>Holds the attributes, and checks their names.</summary>
    /// <param name="type">The ONNX operator type, such as Conv.</param>
    /// <param name="attributes">The attributes as given.</param>
    /// <param name="inputs">The least and the most inputs it takes.</param>
    /// <param name="known">The names of the attributes it has.</param>
    /// <exception cref="ModelException">An attribute is unknown.</exception>
    protected Operator(string type, Attributes attributes, (int Min, int Max) inputs, params ReadOnlySpan<string> known)
    {
        attributes.EnsureOnly(known);
        (Type, Attributes, minInputs, maxInputs) = (type, attributes, inputs.Min, inputs.Max);
    }

    /// <summary>The ONNX operator type.</summary>
    public string Type { get; }

    /// <summary>The attributes as given; those left out have their default.</summary>
    public Attributes Attributes { get; }

    /// <summary>The first opset, from <see cref="FirstOpset"/> on, that has it with these attributes.</summary>
    public virtual int Opset => FirstOpset;

    /// <summary>Types of the outputs, from what is known of the inputs; null for one that cannot be known.</summary>
    /// <exception cref="ModelException">The inputs do not fit.</exception>
    public abstract ImmutableArray<TensorType?> Infer(OperatorInputs inputs);

    /// <summary>
    /// What output 0 is, of an operator that <see cref="OperatorTraits.ReadsShapes"/>; null for any other, and where
    /// the shapes are not known.
    /// </summary>
    public virtual Tensor? OfShapes(OperatorInputs inputs) => null;

    /// <summary>
    /// Multiply-accumulates at these inputs; 0 for operators that have none, and where shapes are not known.
    /// </summary>
    public abstract long Macs(OperatorInputs inputs);

    /// <summary>
    /// What kind of function it is. Techniques, the importer and planners ask this instead of listing operator types.
    /// </summary>
    public abstract OperatorTraits Traits { get; }

    /// <summary>Whether it has a trait.</summary>
    public bool Is(OperatorTraits trait) => (Traits & trait) == trait;

    /// <summary>Whether an input says how to compute rather than what; it is never trained.</summary>
    public abstract bool IsSetting(int input);

    /// <summary>Whether an input is added to the result, or less it, not multiplied with: a bias, say.</summary>
    public virtual bool IsAddend(int input) => false;

    /// <summary>
    /// How outputs and inputs lie in a weight that input <paramref name="input"/> is multiplied with and summed over;
    /// null for an input that is no such weight.
    /// </summary>
    /// <param name="input">Which input.</param>
    /// <param name="weight">Its shape.</param>
    public abstract LayerAxes? AxesOf(int input, Shape weight);

    /// <summary>
    /// The axis along which slices of input <paramref name="input"/> are looked up, as an embedding's rows are; null
    /// for an input that is no table.
    /// </summary>
    /// <param name="input">Which input.</param>
    /// <param name="table">Its shape.</param>
    public virtual int? LookupAxis(int input, Shape table) => null;

    /// <summary>How channels pass through it, and what it makes of channels that are constant.</summary>
    internal abstract ChannelRule ChannelRule { get; }

    /// <summary>The most outputs it makes.</summary>
    protected virtual int MostOutputs => 1;

    /// <summary>
    /// Types of the outputs at inputs that are all at hand: what an executor asks before it computes a node.
    /// </summary>
    /// <param name="inputs">Types, shapes and elements of every input that is given.</param>
    /// <param name="outputs">How many outputs the node names.</param>
    /// <exception cref="ModelException">The inputs do not fit, or there is no such output.</exception>
    public ImmutableArray<TensorType?> InferAtRun(OperatorInputs inputs, int outputs)
    {
        ImmutableArray<TensorType?> made = Infer(inputs);
        if (outputs > made.Length)
            throw new ModelException($"output {made.Length} is asked for; there are {made.Length}");
        return made;
    }

    /// <summary>
    /// Whether outputs hold no elements at all: an executor makes them without computing anything, so that what its
    /// kernels say of empty tensors does not matter.
    /// </summary>
    /// <param name="made">Types of the outputs, as <see cref="InferAtRun"/> gives them.</param>
    /// <param name="outputs">How many outputs the node names.</param>
    public static bool AreEmpty(ImmutableArray<TensorType?> made, int outputs)
    {
        for (int i = 0; i < outputs; i++)
            if (made[i] is not { Type: not ElementType.Unknown, Shape: { IsKnown: true, Count: 0 } })
                return false;
        return true;
    }

    /// <summary>Checks how many inputs and outputs a node gives.</summary>
    /// <exception cref="ModelException">There are too few or too many, or one that is needed is left out; the node is
    /// named.</exception>
    public virtual void CheckCounts(Node node)
    {
        if (node.Inputs.Length < minInputs || node.Inputs.Length > maxInputs)
            throw new ModelException(
                $"{node} has {node.Inputs.Length} inputs; {Type} takes "
                    + $"{(minInputs == maxInputs ? $"{minInputs}" : $"{minInputs} to {maxInputs}")}"
            );
        if (node.Outputs.All(o => o.Length == 0))
            throw new ModelException($"{node} has no output");
        for (int i = MostOutputs; i < node.Outputs.Length; i++)
            if (node.Outputs[i].Length > 0)
                throw new ModelException($"{node} has {node.Outputs.Length} outputs; {Type} makes {MostOutputs}");
        int needed = maxInputs == int.MaxValue ? node.Inputs.Length : minInputs;
        for (int i = 0; i < needed; i++)
            if (node.Inputs[i].Length == 0)
                throw new ModelException($"{node} leaves out input {i}, which {Type} needs");
    }

    /// <summary>One output of a type and shape.</summary>
    protected static ImmutableArray<TensorType?> One(ElementType type, Shape? shape) => [new TensorType(type, shape)];
}
