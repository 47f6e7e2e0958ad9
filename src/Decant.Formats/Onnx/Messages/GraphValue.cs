using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

/// <summary>An input or output of a graph as a file states it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type; <see cref="ElementType.Unknown"/> if not stated.</param>
/// <param name="Shape">The extents, unknown where not stated; null if no shape is stated.</param>
/// <param name="Symbols">For each extent the name that stands for it; empty if there is none.</param>
internal sealed record GraphValue(string Name, ElementType Type, Shape? Shape, ImmutableArray<string> Symbols);
