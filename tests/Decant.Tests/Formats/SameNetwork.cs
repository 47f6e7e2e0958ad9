using System.Collections;
using Decant.Core;

namespace Decant.Tests.Formats;

/// <summary>Asserts that two networks are equal in everything that a file holds.</summary>
internal static class SameNetwork
{
    public static void Assert(Network expected, Network actual)
    {
        Xunit.Assert.Equal(expected.Name, actual.Name);
        Xunit.Assert.Equal(expected.Metadata, actual.Metadata);
        Xunit.Assert.Equal(expected.Inputs.AsEnumerable(), actual.Inputs.AsEnumerable());
        Xunit.Assert.Equal(expected.Outputs.AsEnumerable(), actual.Outputs.AsEnumerable());
        Xunit.Assert.Equal(expected.Nodes.Select(Line), actual.Nodes.Select(Line));
        Xunit.Assert.Equal(expected.Weights.Select(w => w.Name), actual.Weights.Select(w => w.Name));
        foreach (Weight weight in expected.Weights)
            SameTensor.Assert(weight.Encoding.Decode(), actual.Weights[weight.Name].Encoding.Decode());
    }

    private static string Line(Node node) =>
        $"{node} {string.Join(',', node.Inputs)} -> {string.Join(',', node.Outputs)} "
        + $"{string.Join(';', node.Operator.Attributes.Select(a => $"{a.Key}={Text(a.Value)}"))}";

    private static string Text(object value) =>
        value switch
        {
            float f => $"float {BitConverter.SingleToInt32Bits(f):X}",
            Tensor t => $"{t} {Convert.ToHexString(t.Bytes())}",
            string s => $"'{s}'",
            IEnumerable many => $"[{string.Join(',', many.Cast<object>().Select(Text))}]",
            _ => $"{value.GetType().Name} {value}",
        };
}
