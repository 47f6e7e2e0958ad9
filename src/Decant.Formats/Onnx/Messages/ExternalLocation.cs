using System.Globalization;
using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

/// <summary>Where a tensor's elements lie in another file, as ONNX external_data says it.</summary>
internal sealed class ExternalLocation
{
    /// <summary>The keys of external_data.</summary>
    public const string LocationKey = "location",
        OffsetKey = "offset",
        LengthKey = "length";

    /// <summary>The file, relative to the model's folder.</summary>
    public string Location { get; private set; } = "";

    /// <summary>The first byte.</summary>
    public long Offset { get; private set; }

    /// <summary>How many bytes; null if the shape says it.</summary>
    public long? Length { get; private set; }

    /// <summary>Takes an entry of external_data; unknown ones, such as a checksum, are passed over.</summary>
    public void Add((string Key, string Value) entry)
    {
        switch (entry.Key)
        {
            case LocationKey:
                Location = entry.Value;
                break;
            case OffsetKey:
                Offset = Number(entry);
                break;
            case LengthKey:
                Length = Number(entry);
                break;
        }
    }

    private static long Number((string Key, string Value) entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long n)
            ? n
            : throw new ModelException(
                $"external data has {entry.Key} '{entry.Value}', which is not a number of bytes"
            );
}

/// <summary>
/// The files beside one model that hold elements of its tensors. A model is hostile until shown otherwise: only plain
/// files inside its own folder are opened, a range that several tensors name is held in memory once, and all tensors
/// together take no more bytes of a file than twice what it has.
/// </summary>
/// <param name="folder">The model's folder; null if it has none.</param>
internal sealed class ExternalFiles(string? folder)
{
    private readonly Dictionary<string, long> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, long Offset, ElementType Type, long Count), Tensor> ranges = [];

    /// <summary>Reads the elements of a tensor.</summary>
    /// <exception cref="ModelException">The file lies outside the folder, is missing, too short or no plain file, or
    /// tensors take more of it than it has.</exception>
    public Tensor Read(ExternalLocation external, TensorFields fields, ElementType type, Shape shape)
    {
        if (folder is null)
            throw new ModelException(
                $"{fields.Title} lies in file '{external.Location}', but the model was read without a folder"
            );
        string path = Resolve(folder, external.Location, fields);
        try
        {
            long bytes = CheckRange(external, fields, type, shape, SizeOf(path, external.Location, fields));
            var range = (path, external.Offset, type, shape.Count);
            if (bytes == 0)
                return Tensor.Zeros(type, shape);
            if (!ranges.TryGetValue(range, out Tensor? tensor))
                ranges[range] = tensor = ReadRange(path, external.Offset, type, shape);
            return tensor.Shape == shape ? tensor : tensor.Reshape(shape);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(external.Location, fields, e);
        }
    }

    private static Tensor ReadRange(string path, long offset, ElementType type, Shape shape)
    {
        using FileStream stream = InputFile.Open(path);
        stream.Position = offset;
        Tensor tensor = Tensor.Zeros(type, shape);
        RawElements.Read(tensor, stream.ReadExactly);
        return tensor;
    }

    /// <summary>
    /// The length of a plain file. It is asked for before the file is opened: opening a pipe waits for a writer. Pipes,
    /// sockets and devices have a length of 0.
    /// </summary>
    private static long SizeOf(string path, string location, TensorFields fields)
    {
        var file = new FileInfo(path);
        if ((file.Attributes & (FileAttributes.Directory | FileAttributes.Device)) != FileAttributes.None)
            throw new ModelException($"{fields.Title}: cannot read '{location}' beside the model: it is no plain file");
        return file.Length;
    }

    /// <summary>The bytes of a tensor, counted as taken from its file.</summary>
    private long CheckRange(
        ExternalLocation external,
        TensorFields fields,
        ElementType type,
        Shape shape,
        long fileLength
    )
    {
        string location = external.Location;
        if (external.Offset > fileLength || external.Length > fileLength - external.Offset)
            throw new ModelException(
                $"{fields.Title} takes bytes from {external.Offset} of '{location}', which has {fileLength} bytes in "
                    + "all; only plain files are read"
            );
        long available = external.Length ?? fileLength - external.Offset;
        TensorMessage.CheckCapacity(
            fields,
            type,
            shape,
            RawElements.IsPacked(type) ? available * 2 : available / type.Size()
        );
        long bytes = TensorMessage.RawBytes(type, shape.Count);
        if (external.Length is { } stated && stated != bytes)
            throw new ModelException(
                $"{fields.Title} of shape {shape} needs {bytes} bytes; '{location}' is said to hold {stated}"
            );
        long all = taken.GetValueOrDefault(location) + bytes;
        if (all > 2 * fileLength)
            throw new ModelException(
                $"{fields.Title}: tensors take {all:N0} bytes of '{location}', which has {fileLength:N0}; each byte "
                    + "may belong to two tensors at most"
            );
        taken[location] = all;
        return bytes;
    }

    private static string Resolve(string folder, string location, TensorFields fields)
    {
        string[] parts = location.Split('/', '\\');
        if (location.AsSpan().ContainsAny('\0', ':') || Path.IsPathRooted(location) || parts.Any(p => p is "" or ".."))
            throw Outside(location, fields);
        string full = Path.GetFullPath(folder);
        foreach (string part in parts)
            full = Target(Path.Combine(full, part), location, fields);
        return full;
    }

    // A link may stay within its folder by name only; following links at all would need their every target checked.
    private static string Target(string path, string location, TensorFields fields)
    {
        try
        {
            return new FileInfo(path).LinkTarget is null ? path : throw Outside(location, fields);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(location, fields, e);
        }
    }

    private static ModelException Unreadable(string location, TensorFields fields, Exception e) =>
        new($"{fields.Title}: cannot read '{location}' beside the model: {e.Message.Split('\n')[0]}", e);

    private static ModelException Outside(string location, TensorFields fields) =>
        new(
            $"{fields.Title} lies in file '{location}'; only plain files inside the model's own folder are "
                + "read, no links"
        );
}
