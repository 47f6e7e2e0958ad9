using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Techniques.Quantization;

namespace Decant.Reproduce;

/// <summary>
/// Published networks quantized, after training and in training: what accuracy is lost, and what the file takes.
/// </summary>
internal sealed class QuantizedExperiment : IExperiment
{
    private const string CifarPixels = "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225",
        ImagePixels = "scale=1;mean=104,117,123;channels=bgr";

    /// <inheritdoc/>
    public string Name => "quantization";

    /// <inheritdoc/>
    public string Description =>
        "ResNet-20, ResNet-56 and SqueezeNet in 8 and 4 bits after training, ResNet-20 trained in 4 bits "
        + "and ternary";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        if (setting.Quick)
            return Short(setting, progress, cancellation);
        var cifar = new ExperimentRuns(setting, "cifar-10", progress, cancellation);
        Network resnet20 = Published(setting, "resnet20-cifar10"),
            resnet56 = Published(setting, "resnet56-cifar10");
        var pixels = new QuantizationOptions { Preprocessing = Preprocessing.Parse(CifarPixels) };
        QuantizationOptions plain = pixels with
        {
            WeightBits = 4,
            WeightRange = new MinMaxRange(),
            CorrectsBias = false,
        };
        return
        [
            .. Lost(
                "ResNet-20, weights 8, activations 8 bits",
                After(cifar, "resnet-20-8-8", resnet20, pixels),
                0.2,
                0.05
            ),
            .. Lost(
                "ResNet-56, weights 8, activations 8 bits",
                After(cifar, "resnet-56-8-8", resnet56, pixels),
                0.2,
                0.05
            ),
            .. Lost(
                "ResNet-20, weights 4, activations 8 bits, min-max",
                After(cifar, "resnet-20-4-8", resnet20, plain),
                null,
                null
            ),
            .. Lost(
                "ResNet-20, weights 4, activations 8 bits, AdaRound",
                After(cifar, "resnet-20-4-8-adaptive", resnet20, plain with { Rounding = WeightRounding.Adaptive }),
                1.0,
                0.4
            ),
            .. SqueezeNet(setting, progress, cancellation),
            .. Lost(
                "ResNet-20, weights 4, activations 4 bits (first and last layer, sums: 8), trained",
                Trained(cifar, "quantization-4-4", resnet20),
                1.2,
                0.5
            ),
            .. Lost("ResNet-20, ternary weights, trained", Trained(cifar, "ternary", resnet20), 2.5, 1.2),
        ];
    }

    private static IEnumerable<ResultRow> SqueezeNet(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        string folder = setting.Root.Find("imagenet", "imagenet");
        var images = new ExperimentRuns(
            setting,
            Path.Combine(folder, "calibration-63.npz"),
            progress,
            cancellation,
            test: Path.Combine(folder, "val-260.npz")
        );
        var pixels = new QuantizationOptions { Preprocessing = Preprocessing.Parse(ImagePixels) };
        return Lost(
            "SqueezeNet, weights 8, activations 8 bits, 260 images",
            After(images, "squeezenet-8-8", Published(setting, "squeezenet-v1.0-imagenet"), pixels),
            1.6,
            0.4
        );
    }

    private static IReadOnlyList<ResultRow> Short(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(setting, setting.SetFor("mnist"), progress, cancellation);
        Network network = work.Train("lenet-300-100", 1).Network;
        return
        [
            .. Lost(
                "LeNet-300-100, weights 4, activations 8 bits",
                After(work, "lenet-4-8", network, new QuantizationOptions { WeightBits = 4 }),
                5,
                null
            ),
        ];
    }

    private static Network Published(ExperimentSetting setting, string model) =>
        Models.Load(Path.Combine(setting.Root.Find("models", "models"), $"{model}.onnx"));

    private static CompressionReport After(
        ExperimentRuns work,
        string name,
        Network network,
        QuantizationOptions settings
    ) => work.Compress(name, network, QuantizationRecipe.Of(network, settings), 1).Report;

    private static CompressionReport Trained(ExperimentRuns work, string recipe, Network network) =>
        work.Compress(recipe, network, ShippedRecipes.Load(recipe, network), 1).Report;

    private static IEnumerable<ResultRow> Lost(string what, CompressionReport report, double? must, double? goal)
    {
        double before = 100 * report.Before!.Primary.Value,
            after = 100 * report.After!.Primary.Value;
        yield return must is { } most
            ? ResultRow.AtMost($"{what}: points lost, of {before:0.00} %", before - after, most, goal, "")
            : ResultRow.Reported($"{what}: points lost, of {before:0.00} %", before - after, "");
        yield return ResultRow.Reported($"{what}: file, of {report.Stages[0].Bytes:N0}", report.Bytes, "bytes");
    }
}
