using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX StringStringEntryProto.</summary>
internal static class StringPair
{
    public const int Key = 1, Value = 2;

    public static (string Key, string Value) Read(WireReader reader)
    {
        string key = "", value = "";
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Key: key = reader.Text(); break;
                case Value: value = reader.Text(); break;
                default: reader.Skip(); break;
            }
        reader.Leave(outer);
        return (key, value);
    }
}
