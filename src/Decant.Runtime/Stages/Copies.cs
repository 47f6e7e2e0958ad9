using System.Numerics;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// A region of elements that is copied: along each axis so many steps of so many floats on either side.
/// </summary>
/// <param name="From">The first number that is read.</param>
/// <param name="To">The first that is written.</param>
/// <param name="Extents">Steps along each axis.</param>
/// <param name="Reads">Floats from a number that is read to the next along each axis; 0 repeats.</param>
/// <param name="Writes">Floats from a number that is written to the next.</param>
internal sealed record StridedRegion(int From, int To, int[] Extents, int[] Reads, int[] Writes)
{
    /// <summary>The same region with axes that lie as one on both sides made one, and at least one axis.</summary>
    public StridedRegion Joined()
    {
        List<int> extents = [],
            reads = [],
            writes = [];
        for (int axis = 0; axis < Extents.Length; axis++)
        {
            if (Extents[axis] == 1)
                continue;
            bool one =
                extents.Count > 0
                && reads[^1] == (long)Reads[axis] * Extents[axis]
                && writes[^1] == (long)Writes[axis] * Extents[axis];
            if (one)
                (extents[^1], reads[^1], writes[^1]) = (extents[^1] * Extents[axis], Reads[axis], Writes[axis]);
            else
            {
                extents.Add(Extents[axis]);
                reads.Add(Reads[axis]);
                writes.Add(Writes[axis]);
            }
        }
        return extents.Count == 0
            ? this with
            {
                Extents = [1],
                Reads = [1],
                Writes = [1],
            }
            : this with
            {
                Extents = [.. extents],
                Reads = [.. reads],
                Writes = [.. writes],
            };
    }
}

/// <summary>
/// A value as rows of numbers that lie together, so that element-wise stages need not know how it is laid out.
/// </summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="View">The images; null where it is contiguous.</param>
/// <param name="RowLength">Numbers in a row.</param>
/// <param name="Rows">How many rows.</param>
internal sealed unsafe record RowTraversal(PlanBuffer Buffer, ImageView? View, int RowLength, int Rows)
{
    /// <summary>A contiguous value, cut into rows.</summary>
    public static RowTraversal Of(PlanBuffer buffer, int rowLength) =>
        new(buffer, null, rowLength, rowLength == 0 ? 0 : checked((int)(buffer.Count / rowLength)));

    /// <summary>Images: a row is all channels of a row of pixels, or of a single pixel.</summary>
    public static RowTraversal Of(ImageView view, bool byPixel) =>
        byPixel
            ? new RowTraversal(view.Buffer, view, view.Channels, checked(view.Images * view.Height * view.Width))
            : new RowTraversal(view.Buffer, view, view.Width * view.Channels, view.Images * view.Height);

    /// <summary>Where a row begins, once the buffer has its address.</summary>
    public float* Row(int row)
    {
        if (View is null)
            return Buffer.Address + (nint)row * RowLength;
        bool byPixel = Rows != View.Images * View.Height;
        (row, int x) = byPixel ? Math.DivRem(row, View.Width) : (row, 0);
        var (image, y) = Math.DivRem(row, View.Height);
        return View.Address + (nint)image * View.ImageStride + View.At(y, x);
    }
}

/// <summary>
/// Copies elements from one order to another: Transpose, Expand, Split, Slice and Concat of values in ONNX's order.
/// </summary>
internal sealed unsafe class StridedTransfer(PlanBuffer from, PlanBuffer to, StridedRegion move) : Stage
{
    private const int Block = 16;
    private readonly StridedRegion move = move.Joined();

    // The axis along which reads lie together, where the last is not that one: both are traversed in blocks.
    private readonly int across = Across(move.Joined());

    public override IEnumerable<PlanBuffer> Buffers => [from, to];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation) =>
        Axis(0, from.Address + move.From, to.Address + move.To, cancellation);

    private static int Across(StridedRegion m) => m.Reads[^1] is 0 or 1 ? -1 : Array.FindIndex(m.Reads, r => r == 1);

    private void Axis(int axis, float* x, float* y, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (axis == across)
            axis++;
        if (axis == move.Extents.Length - 1)
        {
            if (across >= 0)
                Blocks(x, y);
            else
                Line(x, y, move.Extents[^1]);
            return;
        }
        for (int i = 0; i < move.Extents[axis]; i++)
            Axis(axis + 1, x + (nint)i * move.Reads[axis], y + (nint)i * move.Writes[axis], cancellation);
    }

    private void Line(float* x, float* y, int count)
    {
        nint read = move.Reads[^1],
            write = move.Writes[^1];
        if (read == 1 && write == 1)
            new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(y, count));
        else
            for (int i = 0; i < count; i++, x += read, y += write)
                *y = *x;
    }

    private void Blocks(float* x, float* y)
    {
        for (int i = 0; i < move.Extents[across]; i += Block)
        for (int j = 0; j < move.Extents[^1]; j += Block)
            Transpose(
                x + i + (nint)j * move.Reads[^1],
                y + (nint)i * move.Writes[across] + (nint)j * move.Writes[^1],
                Math.Min(Block, move.Extents[across] - i),
                Math.Min(Block, move.Extents[^1] - j)
            );
    }

    private void Transpose(float* x, float* y, int lines, int count)
    {
        for (int i = 0; i < lines; i++)
            Line(x + i, y + (nint)i * move.Writes[across], count);
    }
}

/// <summary>
/// Copies a part of images into a part of others, and fills the rest with a number: ONNX's Slice, Pad and Concat over
/// images. Pixel (y, x) of the part comes from (Y0 + y·StepY, X0 + x·StepX).
/// </summary>
internal sealed unsafe class ImageCopy(ImageView from, ImageView to, ImagePart part, float? fill) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => [from.Buffer, to.Buffer];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        for (int n = 0; n < to.Images; n++)
        for (int y = 0; y < to.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            float* row = to.Address + (nint)n * to.ImageStride + to.At(y, 0);
            if (fill is { } value)
                for (int x = 0; x < to.Width; x++)
                    new Span<float>(row + x * to.PixelStride, to.Channels).Fill(value);
            if (y < part.ToY || y >= part.ToY + part.Height)
                continue;
            float* source =
                from.Address
                + (nint)n * from.ImageStride
                + from.At(part.FromY + (y - part.ToY) * part.StepY, part.FromX)
                + part.FromChannel;
            Row(source, row + part.ToX * to.PixelStride + part.ToChannel);
        }
    }

    private void Row(float* source, float* target)
    {
        for (int x = 0; x < part.Width; x++, source += part.StepX * from.PixelStride, target += to.PixelStride)
            new ReadOnlySpan<float>(source, part.Channels).CopyTo(new Span<float>(target, part.Channels));
    }
}

/// <summary>Which part of images is copied where.</summary>
internal readonly record struct ImagePart(
    int FromY,
    int FromX,
    int FromChannel,
    int ToY,
    int ToX,
    int ToChannel,
    int Height,
    int Width,
    int Channels,
    int StepY,
    int StepX
);

/// <summary>Copies images between ONNX's order, channel by channel, and channels last.</summary>
internal sealed unsafe class LayoutCopy(PlanBuffer plain, ImageView view, bool toImages) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => [plain, view.Buffer];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        int plane = view.Height * view.Width;
        for (int n = 0; n < view.Images; n++)
        for (int y = 0; y < view.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            float* row = view.Address + (nint)n * view.ImageStride + view.At(y, 0);
            float* line = plain.Address + (nint)n * view.Channels * plane + y * view.Width;
            for (int c = 0; c < view.Channels; c++, line += plane)
                if (toImages)
                    Scatter(line, row + c);
                else
                    Gather(row + c, line);
        }
    }

    private void Scatter(float* line, float* pixel)
    {
        int step = view.PixelStride,
            width = view.Width;
        for (int x = 0; x < width; x++)
            pixel[(nint)x * step] = line[x];
    }

    private void Gather(float* pixel, float* line)
    {
        int step = view.PixelStride,
            width = view.Width;
        for (int x = 0; x < width; x++)
            line[x] = pixel[(nint)x * step];
    }
}

/// <summary>Puts the channels of images of bytes side by side.</summary>
internal sealed unsafe class ByteJoin(ByteImage[] parts, ByteImage whole) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => parts.Select(p => p.Buffer).Append(whole.Buffer);

    public override void Bind() => whole.FillBorder();

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        int channel = 0;
        foreach (ByteImage part in parts)
        {
            for (int n = 0; n < whole.Images; n++)
            for (int y = 0; y < whole.Height; y++)
            {
                cancellation.ThrowIfCancellationRequested();
                byte* from = part.Address + (nint)n * part.ImageStride + part.At(y, 0),
                    to = whole.Address + (nint)n * whole.ImageStride + whole.At(y, 0) + channel;
                for (int x = 0; x < whole.Width; x++, from += part.Channels, to += whole.Channels)
                    new ReadOnlySpan<byte>(from, part.Channels).CopyTo(new Span<byte>(to, part.Channels));
            }
            channel += part.Channels;
        }
    }
}

/// <summary>Copies floats to a tensor for a kernel.</summary>
internal sealed unsafe class FloatsToTensor(PlanBuffer from, int slot, Shape shape) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => [from];

    public override IEnumerable<int> SlotsUsed => [slot];

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        // A kernel may hand the tensor on as its result, so each run has its own.
        Tensor tensor = Tensor.Zeros(ElementType.Float32, shape);
        new ReadOnlySpan<float>(from.Address, (int)from.Count).CopyTo(tensor.Span<float>());
        Slots[slot] = tensor;
    }
}

/// <summary>Copies a tensor to where stages read it, as floats.</summary>
internal sealed unsafe class TensorToFloats(int slot, PlanBuffer to) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => [to];

    public override IEnumerable<int> SlotsUsed => [slot];

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        Tensor tensor = Slots[slot]!;
        var floats = new Span<float>(to.Address, (int)to.Count);
        if (tensor.Count != to.Count)
            throw Unplanned(tensor);
        switch (tensor.Type)
        {
            case ElementType.Float32:
                tensor.Span<float>().CopyTo(floats);
                break;
            case ElementType.Int64:
                Convert(tensor.Span<long>(), floats, cancellation);
                break;
            case ElementType.Int32:
                Convert(tensor.Span<int>(), floats, cancellation);
                break;
            case ElementType.Float16:
                ReadOnlySpan<Half> halves = tensor.Span<Half>();
                for (int i = 0; i < floats.Length; i++)
                    floats[i] = (float)halves[i];
                break;
            case ElementType.Bool:
                ReadOnlySpan<bool> truths = tensor.Span<bool>();
                for (int i = 0; i < floats.Length; i++)
                    floats[i] = truths[i] ? 1 : 0;
                break;
            default:
                throw Unplanned(tensor);
        }
    }

    private static void Convert<T>(ReadOnlySpan<T> from, Span<float> to, CancellationToken cancellation)
        where T : unmanaged, INumberBase<T>
    {
        cancellation.ThrowIfCancellationRequested();
        for (int i = 0; i < to.Length; i++)
            to[i] = float.CreateTruncating(from[i]);
    }

    private ModelException Unplanned(Tensor tensor) =>
        new($"'{Name}' came out as {tensor}; {to.Count} floats were planned");
}
