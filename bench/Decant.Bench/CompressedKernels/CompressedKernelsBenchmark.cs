using Decant.Core;
using Decant.Reports;
using Decant.Runtime;
using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Binary;
using Decant.Runtime.CompressedKernels.Codebook;
using Decant.Runtime.CompressedKernels.Int8;
using Decant.Runtime.CompressedKernels.Sparse;

namespace Decant.Bench;

/// <summary>
/// Kernels that compute on compressed weights as they are, each against the runtime on the same layer in floats, by
/// turns, on one thread.
/// </summary>
internal sealed class CompressedKernelsBenchmark : IBenchmark
{
    private const int Units = 4096,
        Inputs = 25088;
    private readonly VectorWidth width = VectorWidths.Best;
    private readonly Rng rng = new(1);

    /// <inheritdoc/>
    public string Name => "compressed-kernels";

    /// <inheritdoc/>
    public string Description =>
        "products and convolutions on sparse, shared, 8-bit and binary weights against floats, by turns";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run() =>
        [.. Connected(), .. Bytes(512, 512, 512), .. Bytes(196, 256, 2304), .. Binary()];

    /// <summary>The first fully connected layer of VGG-16 on one image.</summary>
    private IEnumerable<ResultRow> Connected()
    {
        float[] weights = Numbers(Units * Inputs),
            x = Numbers(Inputs),
            y = new float[Units];
        var dense = DenseLayer.Product(weights, 1, Inputs, Units);
        string layer = $"{Units}x{Inputs}, batch 1";
        float[] thinned = Array.ConvertAll(weights, w => rng.Next(25) == 0 ? w : 0);
        var sparse = new SparseProduct(SparseRows.Of(thinned, Units, Inputs), Epilogue.Nothing);
        yield return Turns
            .Measure(() => sparse.Run(x, y, 1, 0, sparse.Groups, [], width), dense.Run, 21)
            .Row($"sparse product, {layer}, 96% zeros", 6, 12);
        foreach (int entries in new[] { 16, 32, 256 })
        {
            byte[] indices = new byte[Units * Inputs];
            for (int i = 0; i < indices.Length; i++)
                indices[i] = (byte)rng.Next(entries);
            var shared = new CodebookProduct(indices, Numbers(entries), Units, Inputs, Epilogue.Nothing);
            yield return Turns
                .Measure(() => shared.Run(x, y, 1, 0, shared.Groups, width), dense.Run, 21)
                .Row(
                    $"codebook product, {layer}, {entries} entries",
                    entries == 16 ? 2.5 : null,
                    entries == 16 ? 5 : null
                );
        }
    }

    private IEnumerable<ResultRow> Bytes(int rows, int outputs, int depth)
    {
        var dense = DenseLayer.Product(Numbers(outputs * depth), rows, depth, outputs);
        var weights = new Int8Weights(
            Array.ConvertAll(new sbyte[outputs * depth], _ => (sbyte)(rng.Next(255) - 127)),
            outputs,
            1,
            depth
        );
        var product = new Int8Product(weights);
        byte[] x = Array.ConvertAll(new byte[rows * depth + 3], _ => (byte)rng.Next(256)),
            y = new byte[rows * outputs];
        Int8Rows from = Int8Rows.Matrix(rows, depth, false),
            to = Int8Rows.Matrix(rows, outputs, false);
        var by = new Requantization(weights, 128, false, [0.0001f]) { Zero = 128 };
        yield return Turns
            .Measure(
                () => product.ToBytes(x, from, y, to, by, [], to, Int8Part.Whole(from, weights), width),
                dense.Run,
                41
            )
            .Row($"8-bit product, {rows}x{outputs}x{depth}, requantized", 1.5, 1.9);
    }

    private IEnumerable<ResultRow> Binary()
    {
        const int Channels = 256,
            Side = 14;
        float[] weights = Numbers(Channels * Channels * 9),
            x = Numbers(Channels * Side * Side),
            y = new float[x.Length];
        var dense = DenseLayer.Convolution(weights, Channels, Side);
        var plan = new BinaryConvolutionGeometry
        {
            Channels = Channels,
            InputHeight = Side,
            InputWidth = Side,
            KernelHeight = 3,
            KernelWidth = 3,
            Top = 1,
            Left = 1,
            Bottom = 1,
            Right = 1,
        };
        var binary = new BinaryConvolution(
            BinaryEncoding.SignsOf(weights),
            [0.1f],
            Channels,
            plan,
            Epilogue.Nothing,
            width
        );
        byte[] packed = new byte[binary.PackedLength];
        ushort[] scratch = new ushort[binary.Scratch];
        string layer = $"binary convolution, {Channels} to {Channels}, 3x3, {Side}x{Side}, signs taken each time";
        yield return Turns.Measure(Run, dense.Run, 101).Row($"{layer}, over Winograd", 8, 18);
        yield return Turns
            .Measure(Run, DenseLayer.DirectConvolution(weights, Channels, Side).Run, 101)
            .Row($"{layer}, over direct convolution", null, null);

        void Run()
        {
            binary.Pack(x, Side * Side, 1, packed);
            binary.Run(packed, y, Side * Side, 1, 0, Side * Side, scratch);
        }
    }

    private float[] Numbers(int count) => Array.ConvertAll(new float[count], _ => (float)rng.NextDouble(-1, 1));
}
