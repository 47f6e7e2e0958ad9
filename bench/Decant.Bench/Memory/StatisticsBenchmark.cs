using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Reports;
using Decant.Zoo;

namespace Decant.Bench;

/// <summary>The memory that calibration takes: it must not grow with the number of examples.</summary>
internal sealed class StatisticsBenchmark : IBenchmark
{
    private const int Size = 224,
        Most = 512;

    /// <inheritdoc/>
    public string Name => "statistics";

    /// <inheritdoc/>
    public string Description => $"peak memory of quantizing on 1, 16 and {Most} images of {Size}×{Size}";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (!OperatingSystem.IsLinux())
            throw new DecantException("this benchmark reads /proc and so needs Linux");
        using var folder = new ScratchFolder();
        Models.Save(Network(), folder["net.onnx"]);
        NpzWriter.Save(Images(), folder["images.npz"]);
        return [.. Rows(folder, "nearest", 16, Most), .. Rows(folder, "adaptive", 16)];
    }

    private static IEnumerable<ResultRow> Rows(ScratchFolder folder, string rounding, params int[] more)
    {
        (double one, double seconds) = Quantize(folder, rounding, 1);
        yield return ResultRow.Reported($"{rounding} rounding, 1 image: peak", one, "MiB");
        yield return ResultRow.Reported("its time", seconds, "s");
        foreach (int images in more)
        {
            (double peak, seconds) = Quantize(folder, rounding, images);
            yield return ResultRow.AtMost($"{rounding} rounding, {images} images: peak", peak / one, 1.1, null, "x");
            yield return ResultRow.Reported("its time", seconds, "s");
        }
    }

    private static (double Peak, double Seconds) Quantize(ScratchFolder folder, string rounding, int images)
    {
        var (peak, seconds) = Child.Run(
            "Decant.Cli.dll",
            "quantize",
            folder["net.onnx"],
            "--data",
            folder["images.npz"],
            "--samples",
            $"{images}",
            "--rounding",
            rounding,
            "-o",
            folder["net.dcnt"]
        );
        return (peak / 1048576.0, seconds);
    }

    /// <summary>Some 60,000 weights, whose activations of one image take about 9 MB.</summary>
    private static Network Network() =>
        new NetworkBuilder("bench", 1, new Shape(Shape.Unknown, 3, Size, Size))
            .PaddedConv("conv1", 24, 3, stride: 2)
            .Relu("relu1")
            .PaddedConv("conv2", 24, 3)
            .Relu("relu2")
            .PaddedConv("conv3", 24, 3)
            .Relu("relu3")
            .MaxPool("pool1", 2, 2)
            .PaddedConv("conv4", 48, 3)
            .Relu("relu4")
            .PaddedConv("conv5", 48, 3)
            .Relu("relu5")
            .MaxPool("pool2", 4, 4)
            .Conv("conv6", 48, 3)
            .Relu("relu6")
            .MaxPool("pool3", 4, 4)
            .Flatten("flat")
            .Gemm("fc", 10)
            .Build();

    private static KeyValuePair<string, Tensor>[] Images()
    {
        return
        [
            new("x_train", Pixels(Most, "train")),
            new("y_train", Tensor.Vector(new int[Most])),
            new("x_test", Pixels(4, "test")),
            new("y_test", Tensor.Vector(new int[4])),
        ];

        static Tensor Pixels(int count, string part)
        {
            Rng rng = Rng.For(1, "bench", part);
            var pixels = new byte[count * 3 * Size * Size];
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)rng.Next(256);
            return Tensor.Of(new Shape(count, 3, Size, Size), pixels);
        }
    }
}
