using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx;

/// <summary>Reads a lone ONNX TensorProto, as test data sets hold them (input_0.pb).</summary>
public static class TensorProtoReader
{
    /// <summary>Reads a tensor from a file.</summary>
    /// <exception cref="DecantException">The file cannot be read, is damaged, or holds what is not supported.</exception>
    public static Tensor Read(string path) => InputFile.Read(path, Read);

    /// <summary>Reads a tensor that takes all that is left of a stream.</summary>
    /// <param name="stream">The stream; one that cannot seek is first copied into memory.</param>
    /// <exception cref="DecantException">It is damaged, or holds what is not supported.</exception>
    public static Tensor Read(Stream stream) => TensorMessage.ReadBody(new WireReader(InputFile.Seekable(stream)), folder: null).Values;
}
