using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Data;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Cli;

/// <summary>
/// The most memory that a process takes to quantize does not grow with the images that it looks at, and is at most
/// twice what running the network on its largest batch takes.
/// </summary>
public sealed class CalibrationMemoryTests
{
    private const int Size = 192,
        Images = 40,
        LargestBatch = 16;

    [LinuxTheory]
    [InlineData("nearest")]
    [InlineData("adaptive")]
    public void PeakMemoryIsTheSameForOneImageAndForMany(string rounding)
    {
        using var folder = new TemporaryFolder();
        Models.Save(
            new NetworkBuilder("large", 1, new Shape(Shape.Unknown, 3, Size, Size))
                .PaddedConv("conv1", 32, 3)
                .Relu("relu1")
                .PaddedConv("conv2", 32, 3, stride: 4)
                .Relu("relu2")
                .PaddedConv("conv3", 16, 3)
                .GlobalAveragePool("pool")
                .Flatten("flat")
                .Gemm("fc", 10)
                .Build(),
            folder["m.onnx"]
        );
        NpzWriter.Save(
            [
                new("x_train", Pixels(Images)),
                new("y_train", Tensor.Vector(new int[Images])),
                new("x_test", Pixels(2)),
                new("y_test", Tensor.Vector(new int[2])),
            ],
            folder["d.npz"]
        );
        long one = Peak(folder, rounding, 1),
            all = Peak(folder, rounding, Images);
        Assert.True(all <= 1.1 * one, $"{one >> 20} MiB for 1 image, {all >> 20} for {Images}");
        string[] largest = ["--input", "random", "--batch", $"{LargestBatch}", "-o", folder["y.npy"]];
        long run = Child.Run("Decant.Cli.dll", ["run", folder["m.onnx"], .. largest]).Peak;
        Assert.True(all <= 2 * run, $"{run >> 20} MiB to run {LargestBatch} images, {all >> 20} to quantize");
    }

    private static long Peak(TemporaryFolder folder, string rounding, int images) =>
        Child
            .Run(
                "Decant.Cli.dll",
                "quantize",
                folder["m.onnx"],
                "--data",
                folder["d.npz"],
                "--samples",
                $"{images}",
                "--rounding",
                rounding,
                "-o",
                folder["m.dcnt"]
            )
            .Peak;

    private static Tensor Pixels(int count)
    {
        var rng = new Rng((ulong)count);
        var pixels = new byte[count * 3 * Size * Size];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)rng.Next(256);
        return Tensor.Of(new Shape(count, 3, Size, Size), pixels);
    }
}

/// <summary>Tests that read /proc; skipped elsewhere.</summary>
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux's /proc";
}
