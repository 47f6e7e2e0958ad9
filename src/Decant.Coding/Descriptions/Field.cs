namespace Decant.Coding;

/// <summary>The fields of a description: each has statistics of its own. Numbered as in the container's version 1.</summary>
internal enum Field : uint
{
    Count, Text, Share, Reference, ElementType, Rank, Extent, ExtentGuess, Operator, AttributeCount, AttributeName, AttributeKind,
    AttributeLength, AttributeNumber, AttributeByte, InputCount, InputKind, InputDistance, InputWeight, OutputCount, NodeName, WeightKind, Flag,
    OutputDistance,
}
