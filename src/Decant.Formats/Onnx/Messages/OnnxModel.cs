namespace Decant.Formats.Onnx.Messages;

/// <summary>A model as its file states it.</summary>
internal sealed class OnnxModel
{
    /// <summary>The version of the standard operators; 1 if not stated, as for the first files.</summary>
    public long Opset { get; set; } = 1;

    public OnnxGraph? Graph { get; set; }

    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}
