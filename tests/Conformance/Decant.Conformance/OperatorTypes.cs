using Decant.Core;
using Text = System.Text;

namespace Decant.Conformance;

/// <summary>
/// The operator types an ONNX file names, read straight from the protocol buffer: what is in scope must not depend on
/// the reader under test.
/// </summary>
internal static class OperatorTypes
{
    private const int ModelGraph = 7,
        GraphNode = 1,
        NodeOperator = 4;

    /// <summary>The types of the main graph's nodes.</summary>
    /// <exception cref="FileFormatException">It is not a protocol buffer.</exception>
    public static IReadOnlyList<string> Of(byte[] model)
    {
        var types = new List<string>();
        foreach (Range graph in Fields(model, 0..model.Length, ModelGraph))
        foreach (Range node in Fields(model, graph, GraphNode))
        foreach (Range type in Fields(model, node, NodeOperator))
            types.Add(Text.Encoding.UTF8.GetString(model[type]));
        return types;
    }

    private static List<Range> Fields(byte[] data, Range message, int wanted)
    {
        var found = new List<Range>();
        int at = message.Start.Value,
            end = message.End.Value;
        while (at < end)
        {
            ulong key = Varint(data, ref at, end);
            ulong length = (key & 7) switch
            {
                0 => Skipped(data, ref at, end),
                1 => 8,
                2 => Varint(data, ref at, end),
                5 => 4,
                var wire => throw new FileFormatException($"wire type {wire} is not known", at),
            };
            if (length > (ulong)(end - at))
                throw new FileFormatException("a field reaches beyond its message", at);
            if (key == ((ulong)wanted << 3 | 2))
                found.Add(at..(at + (int)length));
            at += (int)length;
        }
        return found;
    }

    private static ulong Skipped(byte[] data, ref int at, int end)
    {
        Varint(data, ref at, end);
        return 0;
    }

    private static ulong Varint(byte[] data, ref int at, int end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= end)
                throw new FileFormatException("a number is cut off", at);
            byte b = data[at++];
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return value;
        }
        throw new FileFormatException("a number is too long", at);
    }
}
