namespace Decant.Formats.Onnx.Messages;

/// <summary>Stands for an attribute's value that cannot be represented, until the node that has it can be named.</summary>
/// <param name="Kind">What it is, with its article.</param>
internal sealed record UnsupportedAttribute(string Kind);
