using Decant.Core;

namespace Decant.Data;

/// <summary>How one field of a source becomes one input of a network.</summary>
internal sealed class InputBinding
{
    private readonly int index;
    private readonly DataField field;
    private readonly ElementType type;
    private readonly Shape shape;
    private readonly Preprocessing? preprocessing;

    private InputBinding(int index, DataField field, ElementType type, Shape shape, Preprocessing? preprocessing) =>
        (this.index, this.field, this.type, this.shape, this.preprocessing) = (
            index,
            field,
            type,
            shape,
            preprocessing
        );

    /// <summary>Whether pixels are preprocessed.</summary>
    public bool IsPreprocessed => preprocessing is not null;

    /// <exception cref="DataException">The field does not fit the input.</exception>
    public static InputBinding Of(ValueInfo input, IDataSource data, int index, Preprocessing preprocessing)
    {
        DataField field = data.Inputs[index];
        ElementType type = input.Type.Type;
        bool isPreprocessed = field.IsImage && type.IsScored();
        if (!isPreprocessed && type != field.Type && !Converts(field.Type, type))
            throw new DataException(
                $"data set '{data.Name}' has {field} for input '{input.Name}', which takes {input.Type}"
            );
        if (isPreprocessed)
            preprocessing.CheckFits(field.Shape);
        CheckLengths(input, data, field);
        Shape shape = ShapeFor(input, field)
            ?? throw new DataException(
                field.IsImage
                    ? $"{data.Name} has images of {field.Shape}; input '{input.Name}' takes {input.Type.Shape}"
                    : $"data set '{data.Name}' has {field} for input '{input.Name}', which takes {input.Type.Shape}"
            );
        return new InputBinding(index, field, type, shape, isPreprocessed ? preprocessing : null);
    }

    /// <summary>Whether examples have lengths of their own.</summary>
    public bool Varies => this.field.Shape is { Rank: > 0 } example && example[0] == Shape.Unknown;

    /// <summary>How many elements an example has, one where that varies.</summary>
    public long Elements => shape.IsKnown ? Math.Max(1, shape.Count) : 1;

    /// <summary>The shape of an input of so many rows: as the network fixes it, else as long as the batch.</summary>
    public Shape ShapeOf(int rows, Batch batch) =>
        shape.IsKnown
            ? new Shape([rows, .. shape.Dims])
            : new Shape([rows, .. shape.Dims.Select((d, i) => d < 0 ? batch.Inputs[index].Shape[i + 1] : d)]);

    /// <summary>An input of a shape.</summary>
    public Tensor Zeros(Shape of) => Tensor.Zeros(type, of);

    /// <summary>
    /// Writes a batch into an input: examples that are shorter are padded, rows beyond the batch become zeros.
    /// </summary>
    public void Write(Batch batch, Tensor to)
    {
        Tensor given = batch.Inputs[index];
        if (Varies && given.Shape[1] != to.Shape[1])
            given = Padded(given, to.Shape[1]);
        Span<byte> bytes = to.Bytes();
        bytes[(bytes.Length / Math.Max(1, to.Shape[0]) * batch.Count)..].Clear();
        if (preprocessing is not null && type == ElementType.Float16)
            PreprocessHalves(given, batch.Count, to.Span<Half>());
        else if (preprocessing is not null)
            Preprocess(given, batch.Count, to.Span<float>());
        else
            Convert(given, to);
    }

    /// <summary>Examples of one length as longer ones.</summary>
    private Tensor Padded(Tensor given, int length)
    {
        if (given.Shape[1] > length)
            throw new DataException(
                $"'{field.Name}' holds an example of length {given.Shape[1]}; the network takes {length}"
            );
        Tensor padded = Tensor.Zeros(given.Type, given.Shape.With(1, length));
        if (field.Padding != 0 && padded.Type == ElementType.Int64)
            padded.Span<long>().Fill(field.Padding);
        int rows = given.Shape[0],
            size = given.Bytes().Length / Math.Max(1, rows),
            larger = padded.Bytes().Length / Math.Max(1, rows);
        for (int i = 0; i < rows; i++)
            given.Bytes().Slice(i * size, size).CopyTo(padded.Bytes()[(i * larger)..]);
        return padded;
    }

    private void PreprocessHalves(Tensor given, int count, Span<Half> to)
    {
        var floats = new float[count * (int)field.Shape.Count];
        Preprocess(given, count, floats);
        for (int i = 0; i < floats.Length; i++)
            to[i] = (Half)floats[i];
    }

    private void Preprocess(Tensor given, int count, Span<float> to)
    {
        int size = (int)field.Shape.Count;
        for (int i = 0; i < count; i++)
            if (given.Type == ElementType.UInt8)
                preprocessing!.ApplyFitting(
                    given.Span<byte>().Slice(i * size, size),
                    field.Shape,
                    to.Slice(i * size, size)
                );
            else
                preprocessing!.ApplyFitting(
                    given.Span<float>().Slice(i * size, size),
                    field.Shape,
                    to.Slice(i * size, size)
                );
    }

    private static bool Converts(ElementType from, ElementType to) =>
        (from, to)
            is
                (ElementType.Float64, ElementType.Float32)
                or
                (ElementType.Float32, ElementType.Float16)
                or
                (ElementType.Int32, ElementType.Int64)
                or
                (ElementType.Int64, ElementType.Int32);

    private void Convert(Tensor given, Tensor made)
    {
        switch (given.Type, made.Type)
        {
            case (ElementType.Float64, ElementType.Float32):
                for (int i = 0; i < given.Count; i++)
                    made.Span<float>()[i] = (float)given.Span<double>()[i];
                break;
            case (ElementType.Float32, ElementType.Float16):
                for (int i = 0; i < given.Count; i++)
                    made.Span<Half>()[i] = (Half)given.Span<float>()[i];
                break;
            case (ElementType.Int32, ElementType.Int64):
                for (int i = 0; i < given.Count; i++)
                    made.Span<long>()[i] = given.Span<int>()[i];
                break;
            case (ElementType.Int64, ElementType.Int32):
                for (int i = 0; i < given.Count; i++)
                    made.Span<int>()[i] = given.Span<long>()[i] is >= int.MinValue and <= int.MaxValue and var number
                        ? (int)number
                        : throw new DataException(
                            $"'{field.Name}' holds {given.Span<long>()[i]}, which no 32-bit input can take"
                        );
                break;
            default:
                given.Bytes().CopyTo(made.Bytes());
                break;
        }
    }

    /// <exception cref="DataException">The network fixes a length, and an example is longer.</exception>
    private static void CheckLengths(ValueInfo input, IDataSource data, DataField field)
    {
        if (
            field.Shape.Rank == 0
            || field.Shape[0] != Shape.Unknown
            || input.Type.Shape is not { Rank: > 1 } expected
            || expected[1] < 0
        )
            return;
        for (int i = 0; i < data.Lengths.Length; i++)
            if (data.Lengths[i] > expected[1])
                throw new DataException(
                    $"example {i} of data set '{data.Name}' has length {data.Lengths[i]}; input '{input.Name}' takes "
                        + $"{expected[1]}: open the data with that as the maximum length"
                );
    }

    /// <summary>
    /// The shape of one example as the input takes it, as far as both say it; null if the input cannot take it.
    /// </summary>
    private static Shape? ShapeFor(ValueInfo input, DataField field)
    {
        if (input.Type.Shape is not { } expected)
            return field.Shape;
        if (Fits(expected, field.Shape))
            return field.Shape.IsKnown
                ? field.Shape
                : new Shape([.. field.Shape.Dims.Select((d, i) => d < 0 ? expected[i + 1] : d)]);
        if (!field.IsImage)
            return null;
        var flat = new Shape((int)field.Shape.Count);
        if (Fits(expected, flat))
            return flat;
        // A grey image is a matrix to a network that knows no channels.
        if (field.Shape is { Rank: 3 } shape && shape[0] == 1)
        {
            var matrix = new Shape(shape[1], shape[2]);
            if (Fits(expected, matrix))
                return matrix;
        }
        return null;
    }

    private static bool Fits(Shape expected, Shape example) =>
        expected.Rank == example.Rank + 1
        && !example.Dims.Where((d, i) => d >= 0 && expected[i + 1] >= 0 && expected[i + 1] != d).Any();
}
