using Decant.Core;
using Decant.Formats.Onnx.Export;

namespace Decant.Formats.Onnx;

/// <summary>How a network is written as ONNX.</summary>
public sealed record OnnxWriteOptions
{
    /// <summary>The most bytes that an ONNX file can have.</summary>
    public const long Limit = int.MaxValue;

    /// <summary>
    /// A model of more bytes has its large weights in a second file in the same folder, named as the model with
    /// <c>.data</c> after it (ONNX external data); at most <see cref="Limit"/>. 0 puts them there always.
    /// </summary>
    public long LargestFile { get; init; } = Limit;
}

/// <summary>
/// Writes a network as an ONNX model of opset 21, or the later one that its operators need: equal networks give equal
/// bytes. Weights are decoded one at a time, so that memory stays near the size of the largest.
/// </summary>
public static class OnnxWriter
{
    private const string DataEnding = ".data";

    /// <summary>
    /// Writes a file, whole or not at all; of two files, the model is given its name last.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">When weights lie in a file beside it; null for models that cannot hold them.</param>
    /// <exception cref="DecantException">A file cannot be written, or the model without its weights takes more than
    /// ONNX files can hold.</exception>
    public static void Save(Network network, string path, OnnxWriteOptions? options = null)
    {
        options ??= new OnnxWriteOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.LargestFile, OnnxWriteOptions.Limit);
        var whole = new ModelFile(network, dataFile: null);
        if (whole.Length <= options.LargestFile)
        {
            AtomicFile.Write(path, whole.Write);
            return;
        }
        ModelFile model = Fitting(new ModelFile(network, Path.GetFileName(path) + DataEnding));
        AtomicFile.Write(path, stream =>
        {
            model.Write(stream);
            AtomicFile.Write(path + DataEnding, model.WriteData);
        });
    }

    /// <summary>Writes a model to a stream.</summary>
    /// <exception cref="ModelException">The model takes more than an ONNX file can hold; <see cref="Save"/> has a
    /// second file for its weights.</exception>
    public static void Write(Network network, Stream stream) =>
        Fitting(new ModelFile(network, dataFile: null)).Write(stream);

    private static ModelFile Fitting(ModelFile model) =>
        model.Length <= OnnxWriteOptions.Limit
            ? model
            : throw new ModelException(
                $"the model takes {model.Length} bytes as ONNX, of which a file holds less than 2 GiB"
            );
}
