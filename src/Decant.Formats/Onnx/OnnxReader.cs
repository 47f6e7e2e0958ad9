using Decant.Core;
using Decant.Formats.Onnx.Import;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx;

/// <summary>
/// Reads ONNX models of opset 1 to 27 into the canonical form of opset 21: parameters are inputs, shape arithmetic is
/// folded into constants, nodes that do nothing are gone. Memory stays near the size of the weights.
/// </summary>
public static class OnnxReader
{
    /// <summary>
    /// Reads a model from a file; numbers in files beside it are read from its folder, and only from there.
    /// </summary>
    /// <exception cref="FileFormatException">The file is truncated or damaged; the byte offset is named.</exception>
    /// <exception cref="ModelException">The model is not well formed or uses what is not supported; the node or tensor
    /// is named.</exception>
    /// <exception cref="DecantException">The file cannot be read.</exception>
    public static Network Read(string path) =>
        InputFile.Read(path, stream => Read(stream, Path.GetDirectoryName(Path.GetFullPath(path))));

    /// <summary>Reads a model that takes all that is left of a stream.</summary>
    /// <param name="stream">The stream; one that cannot seek is first copied into memory.</param>
    /// <param name="folder">Where numbers in other files may lie; null if nowhere.</param>
    /// <exception cref="FileFormatException">The data is truncated or damaged; the byte offset is named.</exception>
    /// <exception cref="ModelException">The model is not well formed or uses what is not supported; the node or tensor
    /// is named.</exception>
    public static Network Read(Stream stream, string? folder = null) =>
        Importer.Import(ModelMessage.Read(new WireReader(InputFile.Seekable(stream)), new ExternalFiles(folder)));
}

/// <summary>Reads a lone ONNX TensorProto, as test data sets hold them (input_0.pb).</summary>
public static class TensorProtoReader
{
    /// <summary>Reads a tensor from a file.</summary>
    /// <exception cref="DecantException">The file cannot be read, is damaged, or holds what is not
    /// supported.</exception>
    public static Tensor Read(string path) => InputFile.Read(path, Read);

    /// <summary>Reads a tensor that takes all that is left of a stream.</summary>
    /// <param name="stream">The stream; one that cannot seek is first copied into memory.</param>
    /// <exception cref="DecantException">It is damaged, or holds what is not supported.</exception>
    public static Tensor Read(Stream stream) =>
        TensorMessage.ReadBody(new WireReader(InputFile.Seekable(stream)), new ExternalFiles(null)).Values;
}
