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
        return op.Select(inputs[0]!, inputs[1]!, known);
    }
}

/// <summary>Computes ONNX RoiAlign on single and double precision, in doubles.</summary>
internal static class RoiAlign
{
    public static Tensor Run(Operators.RoiAlign op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            y = Tensor.Zeros(x.Type, context.Output);
        int channels = x.Shape[1],
            plane = x.Shape[2] * x.Shape[3],
            places = op.Height * op.Width;
        double[] from = Doubles.Of(x),
            corners = Doubles.Of(inputs[1]!);
        long[] of = inputs[2]!.Array<long>();
        foreach (long image in of)
            if (image < 0 || image >= x.Shape[0])
                throw new ModelException($"a box of image {image}; there are {x.Shape[0]}");
        if (plane == 0 || y.Count == 0)
            return y;
        context.Threads.For(of.Length, r =>
        {
            int box = 4 * r;
            Samples[] rows = Along(op, op.Height, x.Shape[2], corners[box + 1], corners[box + 3], context),
                columns = Along(op, op.Width, x.Shape[3], corners[box], corners[box + 2], context);
            for (int place = 0; place < places; place++)
            for (int c = 0; c < channels; c++)
            {
                int at = ((int)of[r] * channels + c) * plane;
                double pooled = Pooled(
                    op.IsMax,
                    from.AsSpan(at, plane),
                    x.Shape[3],
                    rows[place / op.Width],
                    columns[place % op.Width],
                    context.Threads.Token
                );
                Doubles.Set(y, (r * channels + c) * places + place, pooled);
            }
        });
        return y;
    }

    /// <summary>For each place along an axis of the result the samples of a box.</summary>
    private static Samples[] Along(
        Operators.RoiAlign op,
        int places,
        int extent,
        double start,
        double end,
        KernelContext context
    )
    {
        double offset = op.IsShifted ? 0.5 : 0,
            first = start * op.Scale - offset,
            size = end * op.Scale - offset - first;
        if (!op.IsShifted)
            size = Math.Max(size, 1);
        double step = size / places;
        int count = op.Samples > 0 ? op.Samples : int.CreateSaturating(Math.Ceiling(step));
        context.Memory.Require((double)places * Math.Max(count, 0) * (2 * sizeof(int) + 16), "the samples of a box");
        var all = new Samples[places];
        for (int i = 0; i < places; i++)
            all[i] = new Samples(first + i * step, step, Math.Max(count, 0), extent);
        return all;
    }

    private static double Pooled(
        bool isMax,
        ReadOnlySpan<double> image,
        int width,
        Samples rows,
        Samples columns,
        CancellationToken cancellation
    )
    {
        double result = 0;
        bool isFirst = true;
        for (int i = 0; i < rows.Inside; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (top, bottom, below) = (rows.Low[i] * width, rows.High[i] * width, rows.Share[i]);
            for (int j = 0; j < columns.Inside; j++)
            {
                var (left, right, beside) = (columns.Low[j], columns.High[j], columns.Share[j]);
                double upperLeft = image[top + left] * ((1 - below) * (1 - beside)),
                    upperRight = image[top + right] * ((1 - below) * beside),
                    lowerLeft = image[bottom + left] * (below * (1 - beside)),
                    lowerRight = image[bottom + right] * (below * beside);
                if (!isMax)
                {
                    result += upperLeft + upperRight + lowerLeft + lowerRight;
                    continue;
                }
                // As in ONNX's reference, what each pixel adds to a sample is compared, not their sum.
                double value = Math.Max(Math.Max(upperLeft, upperRight), Math.Max(lowerLeft, lowerRight));
                result = isFirst ? value : Math.Max(result, value);
                isFirst = false;
            }
        }
        long count = (long)rows.Count * columns.Count;
        // Samples outside the image are 0.
        if (isMax)
            return (long)rows.Inside * columns.Inside < count ? Math.Max(result, 0) : result;
        return result / Math.Max(count, 1);
    }

    /// <summary>Samples along an axis: the two pixels beside each, and how far it is to the second.</summary>
    private sealed class Samples
    {
        public Samples(double start, double step, int count, int extent)
        {
            (Count, Low, High, Share) = (count, new int[count], new int[count], new double[count]);
            for (int i = 0; i < count; i++)
            {
                double at = start + (i + 0.5) * step / count;
                if (!(at >= -1 && at <= extent))
                    continue;
                at = Math.Clamp(at, 0, extent - 1);
                int low = (int)at;
                (Low[Inside], High[Inside], Share[Inside]) = (low, Math.Min(low + 1, extent - 1), at - low);
                Inside++;
            }
        }

        /// <summary>How many there are, those outside the image included.</summary>
        public int Count { get; }

        /// <summary>How many lie inside it, the first of the arrays.</summary>
        public int Inside { get; }

        public int[] Low { get; }

        public int[] High { get; }

        public double[] Share { get; }
    }
}

/// <summary>Computes ONNX MaxRoiPool on single and double precision.</summary>
internal static class MaxRoiPool
{
    public static Tensor Run(Operators.MaxRoiPool op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            y = Tensor.Zeros(x.Type, context.Output);
        int channels = x.Shape[1],
            height = x.Shape[2],
            width = x.Shape[3],
            places = op.Height * op.Width;
        double[] from = Doubles.Of(x),
            box = Doubles.Of(inputs[1]!);
        bool isSingle = x.Type == ElementType.Float32;
        int Edge(int r, int i)
        {
            double edge = isSingle ? (float)box[5 * r + i] * op.Scale : box[5 * r + i] * op.Scale;
            return int.CreateSaturating(Math.Round(edge, MidpointRounding.AwayFromZero));
        }
        for (int r = 0; r < inputs[1]!.Shape[0]; r++)
            if (!(box[5 * r] >= 0 && box[5 * r] < x.Shape[0]))
                throw new ModelException($"a box of image {box[5 * r]}; there are {x.Shape[0]}");
        context.Threads.For(y.Count / places, plane =>
        {
            var (r, c) = Math.DivRem(plane, channels);
            var rows = new Parts(Edge(r, 2), Edge(r, 4), op.Height, height);
            var columns = new Parts(Edge(r, 1), Edge(r, 3), op.Width, width);
            int image = ((int)box[5 * r] * channels + c) * height * width;
            for (int place = 0; place < places; place++)
                Doubles.Set(
                    y,
                    plane * places + place,
                    Greatest(
                        from.AsSpan(image, height * width),
                        width,
                        rows.Of(place / op.Width),
                        columns.Of(place % op.Width)
                    )
                );
        });
        return y;
    }

    private static double Greatest(
        ReadOnlySpan<double> image,
        int width,
        (int From, int To) rows,
        (int From, int To) columns
    )
    {
        if (rows.From >= rows.To || columns.From >= columns.To)
            return 0;
        double greatest = image[rows.From * width + columns.From];
        for (int row = rows.From; row < rows.To; row++)
            foreach (double value in image[(row * width + columns.From)..(row * width + columns.To)])
                greatest = Math.Max(greatest, value);
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

/// <summary>Elements of single and double precision as doubles, for kernels that are made once for both.</summary>
internal static class Doubles
{
    public static double[] Of(Tensor tensor) =>
        tensor.Type == ElementType.Float64
            ? tensor.Array<double>()
            : Array.ConvertAll(tensor.Array<float>(), v => (double)v);

    public static void Set(Tensor tensor, int at, double value)
    {
        if (tensor.Type == ElementType.Float64)
            tensor.Span<double>()[at] = value;
        else
            tensor.Span<float>()[at] = (float)value;
    }
}
