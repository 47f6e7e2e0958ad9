using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;

namespace Decant.Data;

/// <summary>What random examples are made for.</summary>
public sealed record RandomOptions
{
    /// <summary>The inputs of the network.</summary>
    public ImmutableArray<ValueInfo> Inputs { get; init; } = [];

    /// <summary>What the network takes as text: random token ids have rows in its table.</summary>
    public TextLimits Text { get; init; } = TextLimits.None;

    /// <summary>Decides every value.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Random examples of the types and shapes of a network's inputs, which say nothing of real ones: floats are normal
/// with mean 0 and variance 1, token ids uniform over the network's table, masks 1, other integers 0 or 1.
/// </summary>
public sealed class RandomSource : IDataSource
{
    private const string Prefix = "random:";
    private const int Most = 1 << 20;

    private readonly RandomOptions options;
    private readonly DatasetPart part;
    private readonly ImmutableArray<int> examples;

    /// <summary>Makes examples.</summary>
    /// <param name="count">How many.</param>
    /// <param name="part">The parts have other examples.</param>
    /// <param name="options">Of which inputs.</param>
    /// <exception cref="DataException">The size of an input is not known, or its elements are neither floats, integers
    /// of at least 8 bits, nor truth values.</exception>
    public RandomSource(int count, DatasetPart part, RandomOptions options)
        : this(part, options, [.. Enumerable.Range(0, count)]) { }

    private RandomSource(DatasetPart part, RandomOptions options, ImmutableArray<int> examples)
    {
        (this.part, this.options, this.examples) = (part, options, examples);
        if (options.Inputs.IsEmpty)
            throw new DataException("random examples are made for a network's inputs, and there are none");
        Inputs = [.. options.Inputs.Select(FieldOf)];
        Notes = ["examples are random: what is measured on them says little of real data"];
    }

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public int Count => examples.Length;

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets => [];

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public string Fingerprint =>
        Rows.Hash([
            (
                new DataField($"{options.Seed} {part} {string.Join(", ", Inputs)}", ElementType.Int32, Shape.Scalar),
                Tensor.Vector([.. examples])
            ),
        ]);

    /// <summary>Whether a name is that of random examples, such as random:64.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The examples of a name such as random:64.</summary>
    /// <exception cref="DataException">No count follows, or it is too large.</exception>
    public static RandomSource Open(string name, DatasetPart part, RandomOptions options) =>
        int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && count is > 0 and <= Most
            ? new RandomSource(count, part, options)
            : throw new DataException($"'{name}': how many examples is expected, from 1 to {Most}, such as random:64");

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "example");
        int[] chosen = indices.ToArray();
        return new Batch(chosen.Length, [.. Inputs.Select(f => Made(f, chosen))], []);
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "example");
        return new RandomSource(part, options, [.. indices.ToArray().Select(i => examples[i])]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} examples of {string.Join(", ", Inputs)}";

    private DataField FieldOf(ValueInfo input)
    {
        if (!RandomValues.AreMade(input.Type.Type))
            throw new DataException($"random examples of input '{input.Name}' {input.Type} cannot be made");
        return ExampleShapes.Of(options.Inputs, input) is { IsKnown: true } shape && shape.Count <= Array.MaxLength
            ? new DataField(input.Name, input.Type.Type, shape)
            {
                IsMask = RandomValues.IsMask(input) && shape.Rank == 1,
            }
            : throw new DataException(
                $"the size of input '{input.Name}' {input.Type} is not known: random examples need one that is fixed "
                    + "when the network is read"
            );
    }

    private Tensor Made(DataField field, int[] chosen)
    {
        Tensor made = Tensor.Zeros(field.Type, new Shape([chosen.Length, .. field.Shape.Dims]));
        Span<byte> bytes = made.Bytes();
        int size = (int)field.Shape.Count * field.Type.Size();
        for (int i = 0; i < chosen.Length; i++)
        {
            Rng rng = Rng.For(options.Seed, "random", part.ToString(), examples[chosen[i]], field.Name);
            RandomValues.Fill(bytes.Slice(i * size, size), field.Type, field.IsMask, Bound(field), rng);
        }
        return made;
    }

    private int Bound(DataField field) =>
        field.Name == TextLimits.IdsInput && field.Type.Size() >= sizeof(int) ? options.Text.Rows ?? 2 : 2;
}
