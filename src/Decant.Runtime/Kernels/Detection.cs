using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX NonMaxSuppression.</summary>
internal static class NonMaxSuppression
{
    public static Tensor Run(Operators.NonMaxSuppression op, Tensor?[] inputs, KernelContext context)
    {
        var known = new OperatorInputs(
            [.. inputs.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))],
            [.. inputs]
        );
        var selected = op.Select(inputs[0]!, inputs[1]!, known);
        Tensor result = Tensor.Zeros(ElementType.Int64, new Shape(selected.Count, 3));
        Span<long> to = result.Span<long>();
        for (int i = 0; i < selected.Count; i++)
            (to[3 * i], to[3 * i + 1], to[3 * i + 2]) = selected[i];
        return result;
    }
}

/// <summary>Computes ONNX RoiAlign on single and double precision.</summary>
internal static class RoiAlign
{
    public static Tensor Run(Operators.RoiAlign op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type == ElementType.Float64
            ? Run<double>(op, inputs[0]!, inputs[1]!, inputs[2]!, context)
            : Run<float>(op, inputs[0]!, inputs[1]!, inputs[2]!, context);

    private static Tensor Run<T>(Operators.RoiAlign op, Tensor x, Tensor boxes, Tensor images, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        int channels = x.Shape[1],
            plane = x.Shape[2] * x.Shape[3],
            places = op.Height * op.Width;
        T[] from = x.Array<T>(),
            to = y.Array<T>(),
            corners = boxes.Array<T>();
        long[] of = images.Array<long>();
        foreach (long image in of)
            if (image < 0 || image >= x.Shape[0])
                throw new ModelException($"a box of image {image}; there are {x.Shape[0]}");
        if (plane == 0 || y.Count == 0)
            return y;
        context.Threads.For(of.Length, r =>
        {
            int box = 4 * r;
            Samples<T>[] rows = Along(op, op.Height, x.Shape[2], corners[box + 1], corners[box + 3], context),
                columns = Along(op, op.Width, x.Shape[3], corners[box], corners[box + 2], context);
            for (int place = 0; place < places; place++)
            for (int c = 0; c < channels; c++)
            {
                int at = ((int)of[r] * channels + c) * plane;
                to[(r * channels + c) * places + place] = Pooled(
                    op.IsMax,
                    from.AsSpan(at, plane),
                    x.Shape[3],
                    rows[place / op.Width],
                    columns[place % op.Width],
                    context.Threads.Token
                );
            }
        });
        return y;
    }

    /// <summary>For each place along an axis of the result the samples of a box.</summary>
    private static Samples<T>[] Along<T>(
        Operators.RoiAlign op,
        int places,
        int extent,
        T start,
        T end,
        KernelContext context
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T scale = T.CreateChecked(op.Scale),
            offset = T.CreateChecked(op.IsShifted ? 0.5 : 0),
            first = start * scale - offset,
            size = end * scale - offset - first;
        if (!op.IsShifted)
            size = T.Max(size, T.One);
        T step = size / T.CreateChecked(places);
        int count = op.Samples > 0 ? op.Samples : int.CreateSaturating(T.Ceiling(step));
        context.Memory.Require((double)places * Math.Max(count, 0) * (2 * sizeof(int) + 16), "the samples of a box");
        var all = new Samples<T>[places];
        for (int i = 0; i < places; i++)
            all[i] = Samples<T>.Of(first + T.CreateChecked(i) * step, step, Math.Max(count, 0), extent);
        return all;
    }

    private static T Pooled<T>(
        bool isMax,
        ReadOnlySpan<T> image,
        int width,
        Samples<T> rows,
        Samples<T> columns,
        CancellationToken cancellation
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T result = T.Zero;
        bool isFirst = true;
        foreach (var (top, bottom, below) in rows.Places)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (left, right, beside) in columns.Places)
            {
                T upperLeft = image[top * width + left] * ((T.One - below) * (T.One - beside)),
                    upperRight = image[top * width + right] * ((T.One - below) * beside),
                    lowerLeft = image[bottom * width + left] * (below * (T.One - beside)),
                    lowerRight = image[bottom * width + right] * (below * beside);
                if (!isMax)
                {
                    result += upperLeft + upperRight + lowerLeft + lowerRight;
                    continue;
                }
                // As in ONNX's reference, what each pixel adds to a sample is compared, not their sum.
                T value = T.Max(T.Max(upperLeft, upperRight), T.Max(lowerLeft, lowerRight));
                result = isFirst ? value : T.Max(result, value);
                isFirst = false;
            }
        }
        long count = (long)rows.Count * columns.Count;
        // Samples outside the image are 0.
        if (isMax)
            return (long)rows.Places.Length * columns.Places.Length < count ? T.Max(result, T.Zero) : result;
        return result / T.CreateChecked(Math.Max(count, 1));
    }

    /// <summary>Samples along an axis: the two pixels beside each, and how far it is to the second.</summary>
    /// <param name="Count">How many there are, those outside the image included.</param>
    /// <param name="Places">Those inside it.</param>
    private readonly record struct Samples<T>(int Count, (int Low, int High, T Share)[] Places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static Samples<T> Of(T start, T step, int count, int extent)
        {
            var places = new List<(int, int, T)>();
            T last = T.CreateChecked(extent - 1);
            for (int i = 0; i < count; i++)
            {
                T at = start + (T.CreateChecked(i) + T.CreateChecked(0.5)) * step / T.CreateChecked(count);
                if (!(at >= T.NegativeOne && at <= T.CreateChecked(extent)))
                    continue;
                at = T.Clamp(at, T.Zero, last);
                int low = int.CreateTruncating(at);
                places.Add((low, Math.Min(low + 1, extent - 1), at - T.CreateChecked(low)));
            }
            return new Samples<T>(count, [.. places]);
        }
    }
}

/// <summary>Computes ONNX MaxRoiPool on single and double precision.</summary>
internal static class MaxRoiPool
{
    public static Tensor Run(Operators.MaxRoiPool op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type == ElementType.Float64
            ? Run<double>(op, inputs[0]!, inputs[1]!, context)
            : Run<float>(op, inputs[0]!, inputs[1]!, context);

    private static Tensor Run<T>(Operators.MaxRoiPool op, Tensor x, Tensor boxes, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        int channels = x.Shape[1],
            height = x.Shape[2],
            width = x.Shape[3],
            places = op.Height * op.Width;
        T[] from = x.Array<T>(),
            to = y.Array<T>(),
            box = boxes.Array<T>();
        T scale = T.CreateChecked(op.Scale);
        int Edge(int r, int i) => int.CreateSaturating(T.Round(box[5 * r + i] * scale, MidpointRounding.AwayFromZero));
        for (int r = 0; r < boxes.Shape[0]; r++)
            if (!(box[5 * r] >= T.Zero && box[5 * r] < T.CreateChecked(x.Shape[0])))
                throw new ModelException($"a box of image {box[5 * r]}; there are {x.Shape[0]}");
        context.Threads.For(y.Count / places, plane =>
        {
            var (r, c) = Math.DivRem(plane, channels);
            var rows = new Parts(Edge(r, 2), Edge(r, 4), op.Height, height);
            var columns = new Parts(Edge(r, 1), Edge(r, 3), op.Width, width);
            int image = (int.CreateTruncating(box[5 * r]) * channels + c) * height * width;
            for (int place = 0; place < places; place++)
                to[plane * places + place] = Greatest(
                    from.AsSpan(image, height * width),
                    width,
                    rows.Of(place / op.Width),
                    columns.Of(place % op.Width)
                );
        });
        return y;
    }

    private static T Greatest<T>(ReadOnlySpan<T> image, int width, (int From, int To) rows, (int From, int To) columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows.From >= rows.To || columns.From >= columns.To)
            return T.Zero;
        T greatest = image[rows.From * width + columns.From];
        for (int row = rows.From; row < rows.To; row++)
            foreach (T value in image[(row * width + columns.From)..(row * width + columns.To)])
                greatest = T.Max(greatest, value);
        return greatest;
    }

    /// <summary>A box along an axis in even parts, which may overlap by a pixel.</summary>
    private readonly struct Parts(int start, int end, int count, int extent)
    {
        private readonly float size = Math.Max((float)end - start + 1, 1) / count;

        public (int From, int To) Of(int part) =>
            (Inside(MathF.Floor(part * size)), Inside(MathF.Ceiling((part + 1) * size)));

        private int Inside(float place) => (int)Math.Clamp((double)place + start, 0, extent);
    }
}
