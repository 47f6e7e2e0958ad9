using System.Collections.Immutable;

namespace Decant.Formats.Onnx.Import.Sequences;

/// <summary>A sequence of tensors as import knows it; the network has tensors alone.</summary>
internal abstract record TensorSequence;

/// <summary>A sequence whose length is known.</summary>
/// <param name="Elements">The values that its elements are.</param>
internal sealed record ListedSequence(ImmutableArray<string> Elements) : TensorSequence;

/// <summary>A sequence of tensors of one shape, whose length may be known only when the network runs.</summary>
/// <param name="Tensor">The value whose slices along axis 0 its elements are.</param>
internal sealed record StackedSequence(string Tensor) : TensorSequence;
