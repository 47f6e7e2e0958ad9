using Decant.Core;

namespace Decant.Tests.Formats;

/// <summary>Asserts that two tensors are equal in type, shape and every bit.</summary>
internal static class SameTensor
{
    public static void Assert(Tensor expected, Tensor actual)
    {
        Xunit.Assert.Equal(expected.Type, actual.Type);
        Xunit.Assert.Equal(expected.Shape, actual.Shape);
        Xunit.Assert.True(expected.Bytes().SequenceEqual(actual.Bytes()), $"the elements of {expected} differ");
    }
}
