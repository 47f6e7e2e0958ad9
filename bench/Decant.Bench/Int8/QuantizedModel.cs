using Decant.Core;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;

namespace Decant.Bench;

/// <summary>
/// A published network brought to 8 bits after training, as the quantize command does it, and the images that it is
/// meant for.
/// </summary>
internal sealed class QuantizedModel
{
    private const int Calibration = 256;

    private QuantizedModel(Network network, LabelledImages test, Preprocessing preprocessing) =>
        (Network, Test, Preprocessing) = (network, test, preprocessing);

    /// <summary>The network, its weights as integers with DequantizeLinear nodes.</summary>
    public Network Network { get; }

    /// <summary>Test images.</summary>
    public LabelledImages Test { get; }

    /// <summary>Their preprocessing.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Quantizes a network of the data folder.</summary>
    /// <exception cref="DecantException">It, or its images, are not there.</exception>
    public static QuantizedModel Of(string model)
    {
        string path = RuntimeBenchmark.PathOf(model);
        DataRoot root = DataRoot.Resolve();
        (LabelledImages train, LabelledImages test, string pixels) = model switch
        {
            _ when model.StartsWith("lenet", StringComparison.Ordinal) => (
                Open("mnist", DatasetPart.Train),
                Open("mnist", DatasetPart.Test),
                "scale=1/256"
            ),
            _ when model.StartsWith("resnet", StringComparison.Ordinal) => (
                Open("cifar-10", DatasetPart.Train),
                Open("cifar-10", DatasetPart.Test),
                "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225"
            ),
            _ => (
                Open(Image("calibration-63"), DatasetPart.Train),
                Open(Image("val-260"), DatasetPart.Test),
                "scale=1;mean=104,117,123;channels=bgr"
            ),
        };
        Preprocessing preprocessing = Preprocessing.Parse(pixels);
        Network network = Models.Load(path);
        Pipeline recipe = QuantizationRecipe.Of(
            network,
            new QuantizationOptions { Samples = Calibration, Preprocessing = preprocessing }
        );
        Network quantized = new Compressor(recipe, new CompressionOptions { Train = train }).Run(network, null).Network;
        return new QuantizedModel(QdqWeights.Of(quantized), test, preprocessing);

        LabelledImages Open(string name, DatasetPart part) => Datasets.OpenImages(name, root, part);
        string Image(string name) =>
            Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path))!, "imagenet", $"{name}.npz");
    }
}
