using Decant.Core;

namespace Decant.Data;

/// <summary>How one field of a source becomes one input of a network.</summary>
internal sealed class InputBinding
{
    private readonly int index;
    private readonly DataField field;
    private readonly ElementType type;
    private readonly InputLayout layout;
    private readonly Preprocessing? preprocessing;

    private InputBinding(int index, DataField field, ElementType type, InputLayout layout, Preprocessing? preprocessing)
    {
        (this.index, this.field, this.type) = (index, field, type);
        (this.layout, this.preprocessing) = (layout, preprocessing);
    }

    /// <summary>Whether pixels are preprocessed.</summary>
    public bool IsPreprocessed => preprocessing is not null;

    /// <summary>Whether the input has no axis that counts examples in front, and so takes one at a time.</summary>
    public bool IsWhole => layout.IsWhole;

    /// <exception cref="DataException">The field does not fit the input.</exception>
    public static InputBinding Of(ValueInfo input, IDataSource data, int index, Preprocessing preprocessing)
    {
        DataField field = data.Inputs[index];
        ElementType type = input.Type.Type;
        bool isPreprocessed = field.IsImage && type.IsFloat();
        if (!isPreprocessed && !ElementConversion.Exists(field.Type, type))
            throw new DataException(
                $"data set '{data.Name}' has {field} for input '{input.Name}', which takes {input.Type}"
            );
        if (isPreprocessed)
            preprocessing.CheckFits(field.Shape);
        CheckLengths(input, data, field);
        InputLayout layout = InputLayout.Of(input, field)
            ?? throw new DataException(
                field.IsImage
                    ? $"{data.Name} has images of {field.Shape}; input '{input.Name}' takes {input.Type.Shape}"
                    : $"data set '{data.Name}' has {field} for input '{input.Name}', which takes {input.Type.Shape}"
            );
        return new InputBinding(index, field, type, layout, isPreprocessed ? preprocessing : null);
    }

    /// <summary>Whether examples have lengths of their own.</summary>
    public bool Varies => this.field.Shape is { Rank: > 0 } example && example[0] == Shape.Unknown;

    /// <summary>How many elements an example has, one where that varies.</summary>
    public long Elements => layout.Example.IsKnown ? Math.Max(1, layout.Example.Count) : 1;

    /// <summary>The shape of an input of so many rows: as the network fixes it, else as long as the batch.</summary>
    public Shape ShapeOf(int rows, Batch batch)
    {
        Shape shape = layout.Example;
        if (!shape.IsKnown)
            shape = new Shape([.. shape.Dims.Select((d, i) => d < 0 ? batch.Inputs[index].Shape[i + 1] : d)]);
        return IsWhole ? shape : new Shape([rows, .. shape.Dims]);
    }

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
        int rows = IsWhole ? 1 : to.Shape[0];
        Span<byte> bytes = to.Bytes();
        bytes[(bytes.Length / Math.Max(1, rows) * batch.Count)..].Clear();
        if (preprocessing is not null)
            given = Preprocessed(given, batch.Count, to);
        if (layout.IsChannelsLast)
            given = ChannelsLast(given);
        if (given != to)
            ElementConversion.Convert(given, to, field.Name);
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

    /// <summary>Pixels as floats: in the input itself where it takes such in this order, else in a tensor.</summary>
    private Tensor Preprocessed(Tensor given, int count, Tensor to)
    {
        bool isInPlace = to.Type == ElementType.Float32 && !layout.IsChannelsLast;
        Tensor made = isInPlace ? to : Tensor.Zeros(ElementType.Float32, new Shape([count, .. field.Shape.Dims]));
        int size = (int)field.Shape.Count;
        for (int i = 0; i < count; i++)
        {
            Span<float> example = made.Span<float>().Slice(i * size, size);
            if (given.Type == ElementType.UInt8)
                preprocessing!.ApplyFitting(given.Span<byte>().Slice(i * size, size), field.Shape, example);
            else
                preprocessing!.ApplyFitting(given.Span<float>().Slice(i * size, size), field.Shape, example);
        }
        return made;
    }

    /// <summary>Images N×C×H×W as N×H×W×C.</summary>
    private static Tensor ChannelsLast(Tensor images)
    {
        int channels = images.Shape[1],
            pixels = images.Shape[2] * images.Shape[3],
            element = images.Type.Size();
        Tensor turned = Tensor.Zeros(
            images.Type,
            new Shape(images.Shape[0], images.Shape[2], images.Shape[3], channels)
        );
        ReadOnlySpan<byte> from = images.Bytes();
        Span<byte> to = turned.Bytes();
        for (int i = 0; i < images.Shape[0]; i++)
        for (int c = 0; c < channels; c++)
        for (int p = 0; p < pixels; p++)
            from.Slice(((i * channels + c) * pixels + p) * element, element)
                .CopyTo(to[(((i * pixels + p) * channels + c) * element)..]);
        return turned;
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
}

/// <summary>How an example lies in an input.</summary>
/// <param name="Example">Its shape in the input, as far as the network and the field say it.</param>
/// <param name="IsWhole">Whether the input has no axis in front of it that counts examples.</param>
/// <param name="IsChannelsLast">Whether an image C×H×W lies there as H×W×C.</param>
internal sealed record InputLayout(Shape Example, bool IsWhole = false, bool IsChannelsLast = false)
{
    /// <summary>Null if the input cannot take the field.</summary>
    public static InputLayout? Of(ValueInfo input, DataField field)
    {
        Shape example = field.Shape;
        if (input.Type.Shape is not { } expected)
            return new(example);
        if (Fits(expected, example))
            return new(Completed(example, expected, 1));
        if (field.IsImage && OfImage(expected, example) is { } image)
            return image;
        return FitsFrom(0, expected, example) ? new(Completed(example, expected, 0), IsWhole: true) : null;
    }

    private static InputLayout? OfImage(Shape expected, Shape example)
    {
        var flat = new Shape((int)example.Count);
        if (Fits(expected, flat))
            return new(flat);
        if (example.Rank != 3)
            return null;
        var channelsLast = new Shape(example[1], example[2], example[0]);
        if (Fits(expected, channelsLast))
            return new(channelsLast, IsChannelsLast: true);
        // A grey image is a matrix to a network that knows no channels.
        var matrix = new Shape(example[1], example[2]);
        return example[0] == 1 && Fits(expected, matrix) ? new(matrix) : null;
    }

    private static Shape Completed(Shape example, Shape expected, int first) =>
        new([.. example.Dims.Select((d, i) => d < 0 ? expected[i + first] : d)]);

    private static bool Fits(Shape expected, Shape example) => FitsFrom(1, expected, example);

    /// <summary>Whether the extents of an example are those that an input has from an axis on.</summary>
    private static bool FitsFrom(int first, Shape expected, Shape example) =>
        expected.Rank == example.Rank + first
        && !example.Dims.Where((d, i) => d >= 0 && expected[i + first] >= 0 && expected[i + first] != d).Any();
}
