using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Formats.PyTorch;
using Decant.Zoo;

namespace Decant;

/// <summary>Networks from files and from the zoo, and back to files.</summary>
public static class Models
{
    private const string ZooPrefix = "zoo:";

    /// <summary>Loads a network.</summary>
    /// <param name="model">A path ending in .onnx or .dcnt, or <c>zoo:NAME</c>.</param>
    /// <param name="seed">Decides the initial weights of a zoo network.</param>
    /// <param name="weights">A file with a PyTorch state dictionary that gives a zoo network its weights; null for
    /// initial ones.</param>
    /// <param name="reading">What is known of the inputs of an .onnx file already; null for nothing.</param>
    /// <exception cref="DecantException">A file is missing or damaged, uses what is not supported, or does not fit the
    /// network.</exception>
    public static Network Load(string model, ulong seed = 1, string? weights = null, OnnxReadOptions? reading = null)
    {
        string ending = Path.GetExtension(model).ToLowerInvariant();
        if (reading is { IsEmpty: false } && (IsOfZoo(model) || ending != ".onnx"))
            throw new DecantException($"inputs are given values when an .onnx file is read; {model} is none");
        if (IsOfZoo(model))
            return Filled(Architectures.Create(model[ZooPrefix.Length..], seed), weights);
        if (weights is not null)
            throw new DecantException(
                $"{weights} holds weights for a network of the zoo, and {model} has its own: give one "
                    + "of them, or name zoo:NAME"
            );
        if (!File.Exists(model))
            throw new DecantException($"there is no file {model}; a model is a .onnx or .dcnt file, or zoo:NAME");
        return Named(model, () => ending switch
            {
                ".onnx" => OnnxReader.Read(model, reading),
                ".dcnt" => DcntReader.Load(model),
                var other => throw new DecantException($"'{other}' is no kind of model; there are .onnx and .dcnt"),
            });
    }

    /// <summary>Saves a network, whole or not at all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">A path ending in .onnx or .dcnt.</param>
    /// <exception cref="DecantException">The path has another ending, or cannot be written.</exception>
    public static void Save(Network network, string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".onnx":
                OnnxWriter.Save(network, path);
                break;
            case ".dcnt":
                DcntWriter.Save(network, path);
                break;
            case var other:
                throw new DecantException($"'{other}' is no kind of model; end the path in .onnx or .dcnt");
        }
    }

    /// <summary>Whether a model is <c>zoo:NAME</c> rather than a file.</summary>
    public static bool IsOfZoo(string model) => model.StartsWith(ZooPrefix, StringComparison.Ordinal);

    private static Network Filled(Network network, string? weights) =>
        weights is null ? network : Named(weights, () => StateDictionary.Fill(network, PyTorchReader.Read(weights)));

    private static Network Named(string model, Func<Network> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is FileFormatException or ModelException)
        {
            throw new DecantException($"{model}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"cannot read {model}: {e.Message}", e);
        }
    }
}

/// <summary>The preprocessing that a network carries with it.</summary>
public static class Preprocessings
{
    private const string Key = "preprocessing",
        SizingKey = "image-size";

    /// <summary>What bytes of images get where nobody says otherwise: pixel / 255.</summary>
    public static Preprocessing Default { get; } = Preprocessing.Parse("scale=1/255");

    /// <summary>
    /// What the network says of itself; else the default for pixels of bytes, and none for floats, which are never
    /// scaled unasked.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="data">What it is fed; null for pixels of bytes.</param>
    /// <exception cref="DataException">What it says is not understood.</exception>
    public static Preprocessing Of(Network network, IDataSource? data = null) =>
        SaidBy(network)
        ?? (
            data is null || data.Inputs.Any(i => i is { IsImage: true, Type: ElementType.UInt8 })
                ? Default
                : Preprocessing.None
        );

    /// <summary>What the network says of itself; null if it says nothing.</summary>
    /// <exception cref="DataException">What it says is not understood.</exception>
    public static Preprocessing? SaidBy(Network network) =>
        network.Metadata.TryGetValue(Key, out var text) ? Preprocessing.Parse(text) : null;

    /// <summary>How the network says that images are brought to its size; none if it says nothing.</summary>
    /// <exception cref="DataException">What it says is not understood.</exception>
    public static ImageSizing SizingOf(Network network) =>
        network.Metadata.TryGetValue(SizingKey, out var text) ? ImageSizing.Parse(text) : ImageSizing.None;

    /// <summary>The network, carrying what a preprocessing file says of it, so that files made of it do too.</summary>
    public static Network WithPreprocessing(this Network network, PreprocessorConfig config) =>
        network
            .WithMetadata(Key, config.Preprocessing.ToString())
            .WithMetadata(SizingKey, config.Sizing.IsNone ? null : config.Sizing.ToText());

    /// <summary>
    /// What is assumed of a network of colour images that says nothing of its preprocessing, in a sentence; null where
    /// nothing is assumed.
    /// </summary>
    public static string? Assumed(Network network, IDataSource data) =>
        SaidBy(network) is null
        && data.Inputs.Any(i => i is { IsImage: true, Shape: { Rank: 3 } shape } && shape[0] == 3)
        && ImageLimits.Of([.. network.Inputs.Where(i => i.Type.Type.IsFloat())]).Channels == 3
            ? $"'{network.Name}' has no preprocessing of its own, and none is given; assumed: "
                + (
                    Of(network, data) == Default
                        ? "pixels are divided by 255, no mean is subtracted, red comes first"
                        : "floats are taken as they are"
                )
            : null;

    /// <summary>The network, carrying a preprocessing; the default is not written.</summary>
    public static Network WithPreprocessing(this Network network, Preprocessing preprocessing) =>
        network.WithMetadata(Key, preprocessing == Default ? null : preprocessing.ToString());
}
