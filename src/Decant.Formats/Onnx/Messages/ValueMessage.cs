using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX ValueInfoProto, with the tensor type inside it.</summary>
internal static class ValueMessage
{
    public const int Name = 1,
        Type = 2,
        TensorType = 1,
        ElementTypeField = 1,
        ShapeField = 2,
        Dimension = 1,
        DimValue = 1,
        DimParam = 2;
    private const int MaxRank = 64;

    public static GraphValue Read(WireReader reader)
    {
        var value = new GraphValue("", ElementType.Unknown, null, []);
        long start = reader.Position,
            outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Name:
                    value = value with { Name = reader.Text() };
                    break;
                case Type:
                    value = ReadType(reader, value);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return value.Name.Length > 0
            ? value
            : throw new FileFormatException("an input or output of the graph has no name", start);
    }

    private static GraphValue ReadType(WireReader reader, GraphValue value)
    {
        const int denotation = 6;
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case TensorType:
                    value = ReadTensorType(reader, value);
                    break;
                case denotation:
                    reader.Skip();
                    break;
                default:
                    value = value with { IsTensor = false };
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return value;
    }

    private static GraphValue ReadTensorType(WireReader reader, GraphValue value)
    {
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case ElementTypeField:
                    int type = reader.Int32();
                    value = value with
                    {
                        Type =
                            type == TensorMessage.BFloat16
                                ? ElementType.Float32
                                : TensorMessage.Supported(type, value.Name),
                    };
                    break;
                case ShapeField:
                    value = ReadShape(reader, value);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return value;
    }

    private static GraphValue ReadShape(WireReader reader, GraphValue value)
    {
        var extents = new List<int>();
        var symbols = ImmutableArray.CreateBuilder<string>();
        long outer = reader.Enter();
        while (reader.Next())
        {
            if (reader.Field != Dimension)
            {
                reader.Skip();
                continue;
            }
            var (extent, symbol) = ReadDimension(reader, value.Name);
            extents.Add(extent);
            symbols.Add(symbol);
            if (extents.Count > MaxRank)
                throw new ModelException($"'{value.Name}' has more than {MaxRank} dimensions");
        }
        reader.Leave(outer);
        return value with { Shape = new Shape([.. extents]), Symbols = symbols.ToImmutable() };
    }

    private static (int Extent, string Symbol) ReadDimension(WireReader reader, string name)
    {
        var (extent, symbol) = (Shape.Unknown, "");
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case DimValue:
                    extent = Extent(reader.Int64(), name);
                    break;
                case DimParam:
                    symbol = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return (extent, symbol);
    }

    // Some exporters write -1 for an extent that they leave open.
    private static int Extent(long value, string name) =>
        value is >= -1 and <= int.MaxValue
            ? (int)value
            : throw new ModelException($"'{name}' has an extent of {value}; possible are 0 to {int.MaxValue}");
}
