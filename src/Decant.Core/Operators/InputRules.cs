namespace Decant.Core.Operators;

/// <summary>A set of element types that an input may have.</summary>
/// <param name="Name">What they are called in messages.</param>
/// <param name="Has">Whether a type belongs to them.</param>
internal sealed record TypeSet(string Name, Func<ElementType, bool> Has)
{
    /// <summary>Half, single and double precision.</summary>
    public static TypeSet Floats { get; } = new("floating-point types", ElementTypes.IsFloat);

    /// <summary>Integers of 8 to 64 bits and floating-point types.</summary>
    public static TypeSet Numbers { get; } = new("integers of 8 to 64 bits and floating-point types", IsNumber);

    /// <summary>Numbers and bools.</summary>
    public static TypeSet NumbersAndBools { get; } =
        new("numeric types and bool", t => t == ElementType.Bool || IsNumber(t));

    /// <summary>Types with a sign: floats and signed integers of 8 to 64 bits.</summary>
    public static TypeSet Signed { get; } =
        new("floating-point and signed integer types", t =>
            t.IsFloat() || t is ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64
        );

    /// <summary>What matrix products are computed on.</summary>
    public static TypeSet Factors { get; } =
        new("floating-point types and integers of 32 and 64 bits", t =>
            t.IsFloat() || t is ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64
        );

    /// <summary>Integers that name axes, extents and places.</summary>
    public static TypeSet Indices { get; } = new("Int32 and Int64", t => t is ElementType.Int32 or ElementType.Int64);

    /// <summary>8-bit integers.</summary>
    public static TypeSet Bytes { get; } = new("UInt8 and Int8", t => t is ElementType.UInt8 or ElementType.Int8);

    /// <summary>Bools alone.</summary>
    public static TypeSet Bools { get; } = Of(ElementType.Bool);

    /// <summary>A few types by name.</summary>
    public static TypeSet Of(params ElementType[] types) =>
        new(string.Join(", ", types), type => Array.IndexOf(types, type) >= 0);

    private static bool IsNumber(ElementType type) =>
        type is not (ElementType.Unknown or ElementType.Bool or ElementType.Int4 or ElementType.UInt4);
}

/// <summary>
/// Checks that shape rules make of inputs. What is not known before a run passes; a run checks again with all shapes
/// and types known.
/// </summary>
internal static class InputRules
{
    /// <summary>An input must have one of a set of element types.</summary>
    /// <exception cref="ModelException">It has another.</exception>
    public static void RequireType(this OperatorInputs inputs, int i, TypeSet types)
    {
        if (inputs.Type(i) is not ElementType.Unknown and var type && !types.Has(type))
            throw new ModelException($"input {i} holds {type}; possible are {types.Name}");
    }

    /// <summary>All inputs from one on must have the element type of the first.</summary>
    /// <exception cref="ModelException">Two differ.</exception>
    public static void RequireSameTypes(this OperatorInputs inputs, int first = 0)
    {
        for (int i = first + 1; i < inputs.Types.Length; i++)
            inputs.RequireSameType(i, first);
    }

    /// <summary>An input must have the element type of another.</summary>
    /// <exception cref="ModelException">They differ.</exception>
    public static void RequireSameType(this OperatorInputs inputs, int i, int other)
    {
        ElementType a = inputs.Type(other),
            b = inputs.Type(i);
        if (a != ElementType.Unknown && b != ElementType.Unknown && a != b)
            throw new ModelException($"input {other} holds {a} and input {i} {b}; their element types must agree");
    }

    /// <summary>An input that is given must hold exactly one element, as a scalar or along axes of extent 1.</summary>
    /// <exception cref="ModelException">It holds more or none.</exception>
    public static void RequireSingle(this OperatorInputs inputs, int i)
    {
        if (inputs.Shape(i) is { } shape && shape.Dims.Any(d => d is not (1 or Shape.Unknown)))
            throw new ModelException($"input {i} has shape {shape}; it must hold one element");
    }

    /// <summary>An input that is given must have one axis, of an extent where that is known.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="i">The input.</param>
    /// <param name="extent">The extent, or <see cref="Shape.Unknown"/>.</param>
    /// <param name="of">What there must be one element for, in messages.</param>
    /// <exception cref="ModelException">Rank or extent differ.</exception>
    public static void RequireVector(this OperatorInputs inputs, int i, int extent, string of)
    {
        if (inputs.Shape(i) is not { } shape)
            return;
        if (shape.Rank != 1)
            throw new ModelException($"input {i} has shape {shape}; it must have one axis, an element for each {of}");
        if (extent >= 0 && shape[0] >= 0 && shape[0] != extent)
            throw new ModelException($"input {i} holds {shape[0]} elements; there must be {extent}, one for each {of}");
    }

    /// <summary>An input that is given must hold one element, or one for each of something.</summary>
    /// <exception cref="ModelException">Rank or extent differ.</exception>
    public static void RequireSingleOrVector(this OperatorInputs inputs, int i, int extent, string of)
    {
        if (inputs.Shape(i) is { } shape && shape.Dims.Any(d => d is not (1 or Shape.Unknown)))
            inputs.RequireVector(i, extent, of);
    }

    /// <summary>An input that lists integers (axes, extents, pads) must have at most one axis.</summary>
    /// <exception cref="ModelException">It is of another type or rank.</exception>
    public static void RequireIntegers(this OperatorInputs inputs, int i)
    {
        inputs.RequireType(i, TypeSet.Indices);
        if (inputs.Shape(i) is { Rank: > 1 } shape)
            throw new ModelException($"input {i} has shape {shape}; it must be a list of integers");
    }

    /// <summary>An input must hold one integer.</summary>
    /// <exception cref="ModelException">It is of another type, or holds more or none.</exception>
    public static void RequireInteger(this OperatorInputs inputs, int i)
    {
        inputs.RequireType(i, TypeSet.Indices);
        inputs.RequireSingle(i);
    }

    /// <summary>An input must broadcast to the shape of another without changing that.</summary>
    /// <exception cref="ModelException">It does not.</exception>
    public static void RequireBroadcast(this OperatorInputs inputs, int i, Shape to)
    {
        if (inputs.Shape(i) is { } shape && !shape.BroadcastsTo(to))
            throw new ModelException($"input {i} of shape {shape} does not broadcast to {to}");
    }

    /// <summary>An input must have at least so many axes.</summary>
    /// <exception cref="ModelException">It has fewer.</exception>
    public static void RequireRank(this OperatorInputs inputs, int i, int least, string axes)
    {
        if (inputs.Shape(i) is { } shape && shape.Rank < least)
            throw new ModelException($"input {i} has shape {shape}; it must have axes {axes}");
    }
}
