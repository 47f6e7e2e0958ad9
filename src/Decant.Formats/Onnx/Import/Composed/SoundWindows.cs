using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>Windows of sound, and the matrix that sums its frequencies in bands.</summary>
internal static class SoundWindows
{
    // What a small file may ask for.
    private const int MostElements = 1 << 22;

    /// <summary>½ − ½·cos.</summary>
    public static void Hann(Lowering l) => Window(l, 0.5, 0.5, 0);

    /// <summary>25/46 − 21/46·cos.</summary>
    public static void Hamming(Lowering l) => Window(l, 25.0 / 46, 21.0 / 46, 0);

    /// <summary>0.42 − 0.5·cos + 0.08·cos of twice the angle.</summary>
    public static void Blackman(Lowering l) => Window(l, 0.42, 0.5, 0.08);

    /// <summary>a − b·cos(2πi/n) + c·cos(4πi/n), where n is one less for a window that is symmetric.</summary>
    private static void Window(Lowering l, double a, double b, double c)
    {
        l.Node.Attributes.EnsureOnly("output_datatype", "periodic");
        l.EnsureCounts(1, 1);
        bool isPeriodic = l.Node.Attributes.Flag("periodic", true);
        ElementType type = OutputType(l);
        if (Whole(l, 0) is { } size)
        {
            if (size is < 0 or > MostElements)
                throw new ModelException($"its size is {size:N0}; 0 to {MostElements:N0} are possible");
            var window = new double[size];
            double step = 2 * Math.PI / (isPeriodic ? size : size - 1);
            for (int i = 0; i < window.Length; i++)
                window[i] = a - b * Math.Cos(i * step) + c * Math.Cos(2 * i * step);
            l.Finish(l.Cast(Constant(l, new Shape((int)size), window), type));
            return;
        }
        string length = l.Reshaped(l.Node.Input(0)),
            places = l.Cast(l.Counted(l.Cast(length, ElementType.Int64)), ElementType.Float32),
            period = l.Cast(length, ElementType.Float32);
        if (!isPeriodic)
            period = l.Make("Sub", period, l.Weight("one", Tensor.Scalar(1f)));
        string turns = l.Make("Div", l.Make("Mul", places, l.Weight("turn", Tensor.Scalar(MathF.Tau))), period),
            cosine = l.Make("Mul", l.Make("Cos", turns), l.Weight("b", Tensor.Scalar((float)b))),
            values = l.Make("Sub", l.Weight("a", Tensor.Scalar((float)a)), cosine);
        if (c > 0)
        {
            string twice = l.Make("Cos", l.Make("Add", turns, turns));
            values = l.Make("Add", values, l.Make("Mul", twice, l.Weight("c", Tensor.Scalar((float)c))));
        }
        l.Finish(l.Cast(values, type));
    }

    /// <summary>
    /// Triangles along the frequencies of a transform, their edges evenly spaced by ear: a column a band.
    /// </summary>
    public static void MelWeightMatrix(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("output_datatype");
        l.EnsureCounts(5, 5);
        long bands = Known(l, 0, "num_mel_bins"),
            length = Known(l, 1, "dft_length"),
            rate = Known(l, 2, "sample_rate");
        double low = Real(l, 3),
            high = Real(l, 4);
        if (bands < 1 || length < 1 || rate < 1 || bands > MostElements || length > MostElements)
            throw new ModelException($"{bands} bands of {length} frequencies at a rate of {rate} are not possible");
        if (!(low >= 0 && high >= low && high < double.PositiveInfinity))
            throw new ModelException($"its edges are {low} and {high} Hz; 0 or more, the lower first, are possible");
        int rows = (int)(length / 2 + 1),
            columns = (int)bands;
        if ((long)rows * columns > MostElements)
            throw new ModelException(
                $"its matrix has {(long)rows * columns:N0} elements; {MostElements:N0} are possible"
            );
        int[] edges = Edges(columns, length, rate, low, high);
        if (edges.Any(e => e < 0 || e >= rows))
            throw new ModelException($"its edges {low} and {high} Hz are outside the frequencies at a rate of {rate}");
        var matrix = new double[rows * columns];
        for (int band = 0; band < columns; band++)
            Triangle(matrix, columns, band, edges.AsSpan(band, 3));
        l.Finish(l.Cast(Constant(l, new Shape(rows, columns), matrix), OutputType(l)));
    }

    private static int[] Edges(int bands, long length, long rate, double low, double high)
    {
        static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);
        var edges = new int[bands + 2];
        double first = Mel(low),
            step = (Mel(high) - first) / edges.Length;
        for (int i = 0; i < edges.Length; i++)
        {
            double hertz = 700 * (Math.Pow(10, (first + i * step) / 2595) - 1);
            edges[i] = (int)Math.Floor((length + 1) * hertz / rate);
        }
        return edges;
    }

    private static void Triangle(double[] matrix, int columns, int band, ReadOnlySpan<int> edges)
    {
        var (low, centre, high) = (edges[0], edges[1], edges[2]);
        for (int row = low; row <= centre; row++)
            matrix[row * columns + band] = centre == low ? 1 : (double)(row - low) / (centre - low);
        for (int row = centre; row < high; row++)
            matrix[row * columns + band] = (double)(high - row) / (high - centre);
    }

    private static ElementType OutputType(Lowering l) => (ElementType)l.Node.Attributes.Int("output_datatype", 1);

    private static string Constant(Lowering l, Shape shape, double[] values) =>
        l.Make("Identity", l.Weight("values", Tensor.Of(shape, Array.ConvertAll(values, v => (float)v))));

    /// <summary>The whole number that an input is; null if it is not constant.</summary>
    public static long? Whole(Lowering l, int input) =>
        l.Constant(input) switch
        {
            null => null,
            { Type: ElementType.Int64, Count: 1 } t => t.Span<long>()[0],
            { Type: ElementType.Int32, Count: 1 } t => t.Span<int>()[0],
            _ => throw new ModelException($"its input {input} is not one whole number"),
        };

    private static long Known(Lowering l, int input, string name) =>
        Whole(l, input) ?? throw new ModelException($"its {name} is not known when the file is read");

    private static double Real(Lowering l, int input) =>
        l.Constant(input) switch
        {
            { Type: ElementType.Float32, Count: 1 } t => t.Span<float>()[0],
            { Type: ElementType.Float64, Count: 1 } t => t.Span<double>()[0],
            _ => throw new ModelException($"its input {input} is not one number that is known when the file is read"),
        };
}
