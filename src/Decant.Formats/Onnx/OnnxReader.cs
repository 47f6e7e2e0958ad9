using System.Collections.Immutable;
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
    /// <param name="path">The file.</param>
    /// <param name="options">What is known of inputs already; null for nothing.</param>
    /// <exception cref="FileFormatException">The file is truncated or damaged; the byte offset is named.</exception>
    /// <exception cref="ModelException">The model is not well formed or uses what is not supported; the node or tensor
    /// is named.</exception>
    /// <exception cref="DecantException">The file cannot be read.</exception>
    public static Network Read(string path, OnnxReadOptions? options = null) =>
        InputFile.Read(path, stream => Read(stream, Path.GetDirectoryName(Path.GetFullPath(path)), options));

    /// <summary>Reads a model that takes all that is left of a stream.</summary>
    /// <param name="stream">The stream; one that cannot seek is first copied into memory.</param>
    /// <param name="folder">Where numbers in other files may lie; null if nowhere.</param>
    /// <param name="options">What is known of inputs already; null for nothing.</param>
    /// <exception cref="FileFormatException">The data is truncated or damaged; the byte offset is named.</exception>
    /// <exception cref="ModelException">The model is not well formed or uses what is not supported; the node or tensor
    /// is named.</exception>
    public static Network Read(Stream stream, string? folder = null, OnnxReadOptions? options = null) =>
        Importer.Import(
            ModelMessage.Read(new WireReader(InputFile.Seekable(stream)), new ExternalFiles(folder)),
            options ?? new OnnxReadOptions()
        );
}

/// <summary>What is known of a model's inputs before it is read, so that it need not be asked when it runs.</summary>
/// <example><code>
/// var nothing = new OnnxReadOptions();
/// var known = nothing with { Fixed = nothing.Fixed.Add("sr", [16000]).Add("batch", [1]) };
/// Network network = OnnxReader.Read("vad.onnx", known);
/// </code></example>
public sealed record OnnxReadOptions
{
    /// <summary>
    /// Values by name. That of an input is its elements in order, or one for all of them: the input becomes a constant.
    /// That of a symbolic size, such as batch, is the extent.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<double>> Fixed { get; init; } =
        ImmutableDictionary.Create<string, ImmutableArray<double>>(StringComparer.Ordinal);

    /// <summary>
    /// Shapes of inputs by name; <see cref="Shape.Unknown"/> leaves an extent as the file has it.
    /// </summary>
    public ImmutableDictionary<string, Shape> Shapes { get; init; } =
        ImmutableDictionary.Create<string, Shape>(StringComparer.Ordinal);

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => Fixed.IsEmpty && Shapes.IsEmpty;
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
