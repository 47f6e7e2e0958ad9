using System.Globalization;
using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

/// <summary>
/// Where a tensor's numbers lie in another file. Only files inside the model's own folder are read: a model is hostile
/// until shown otherwise, and must not reach what else its reader can open.
/// </summary>
internal sealed class ExternalLocation
{
    private string location = "";
    private long offset;
    private long? length;

    /// <summary>Takes an entry of external_data; unknown ones, such as a checksum, are passed over.</summary>
    public void Add((string Key, string Value) entry)
    {
        switch (entry.Key)
        {
            case "location":
                location = entry.Value;
                break;
            case "offset":
                offset = Number(entry);
                break;
            case "length":
                length = Number(entry);
                break;
        }
    }

    /// <summary>Reads the numbers; the model's folder is null if it has none.</summary>
    /// <exception cref="ModelException">The file lies outside the folder, or is missing or too short.</exception>
    public Tensor Read(string? folder, TensorFields fields, ElementType type, Shape shape)
    {
        if (folder is null)
            throw new ModelException(
                $"{fields.Title} lies in file '{location}', but the model was read without a folder"
            );
        string path = Resolve(folder, fields);
        try
        {
            using FileStream stream = InputFile.Open(path);
            return Read(stream, fields, type, shape);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                $"{fields.Title}: cannot read '{location}' beside the model: {e.Message.Split('\n')[0]}",
                e
            );
        }
    }

    private Tensor Read(FileStream stream, TensorFields fields, ElementType type, Shape shape)
    {
        if (offset > stream.Length || length > stream.Length - offset)
            throw new ModelException(
                $"{fields.Title} takes bytes from {offset} of '{location}', which has {stream.Length} bytes in all"
            );
        long available = length ?? stream.Length - offset;
        Tensor tensor = TensorMessage.Allocate(
            fields,
            type,
            shape,
            RawElements.IsPacked(type) ? available * 2 : available / type.Size()
        );
        if (length is { } stated && stated != TensorMessage.RawBytes(type, tensor.Count))
            throw new ModelException(
                $"{fields.Title} of shape {shape} needs {TensorMessage.RawBytes(type, tensor.Count)} "
                    + $"bytes; '{location}' is said to hold {stated}"
            );
        stream.Position = offset;
        RawElements.Read(tensor, stream.ReadExactly);
        return tensor;
    }

    private string Resolve(string folder, TensorFields fields)
    {
        string[] parts = location.Split('/', '\\');
        if (location.AsSpan().ContainsAny('\0', ':') || Path.IsPathRooted(location) || parts.Any(p => p is "" or ".."))
            throw Outside(fields);
        string full = Path.GetFullPath(folder);
        foreach (string part in parts)
            full = Target(Path.Combine(full, part), fields);
        return full;
    }

    // A link may stay within its folder by name only; following links at all would need their every target checked.
    private string Target(string path, TensorFields fields)
    {
        try
        {
            return new FileInfo(path).LinkTarget is null ? path : throw Outside(fields);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                $"{fields.Title}: cannot read '{location}' beside the model: {e.Message.Split('\n')[0]}",
                e
            );
        }
    }

    private ModelException Outside(TensorFields fields) =>
        new(
            $"{fields.Title} lies in file '{location}'; only plain files inside the model's own folder are "
                + "read, no links"
        );

    private static long Number((string Key, string Value) entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long n)
            ? n
            : throw new ModelException(
                $"external data has {entry.Key} '{entry.Value}', which is not a number of bytes"
            );
}
