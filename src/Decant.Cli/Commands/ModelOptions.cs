using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Zoo;

namespace Decant.Cli.Commands;

/// <summary>The model that a command works on, and how it is read.</summary>
internal sealed class ModelOptions
{
    private readonly Argument<string> model = new("model")
    {
        Description =
            $"a .onnx or .dcnt file, or zoo:NAME ({string.Join(", ", Architectures.All.Select(e => e.Name))})",
    };
    private readonly Option<string?> weights = new("--weights")
    {
        Description = "a PyTorch state dictionary (.th, .pt, .pth) that gives zoo:NAME its weights",
    };
    private readonly Option<string[]> set = new("--set")
    {
        Description =
            "NAME=VALUE: makes an input of an .onnx file a constant (sr=16000), or gives a symbolic size its "
            + "extent (sequence=128); may be given several times",
    };
    private readonly Option<string[]> shape = new("--shape")
    {
        Description =
            "NAME=SHAPE: the shape of an input of an .onnx file, such as input=1x512; ? leaves an extent open; may be "
            + "given several times",
    };

    public ModelOptions(Command command)
    {
        command.Arguments.Add(model);
        command.Options.Add(weights);
        command.Options.Add(set);
        command.Options.Add(shape);
    }

    /// <summary>The model as it is named.</summary>
    public string Name(ParseResult parsed) => parsed.GetValue(model)!;

    /// <summary>Whether it is just the file that is named.</summary>
    public bool IsPlainFile(ParseResult parsed) =>
        !Models.IsOfZoo(Name(parsed)) && parsed.GetValue(weights) is null && Reading(parsed).IsEmpty;

    /// <summary>Loads it.</summary>
    /// <exception cref="UsageException">What is set is no name and value.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public Network Load(ParseResult parsed, ulong seed = 1)
    {
        Network network = Models.Load(Name(parsed), seed, parsed.GetValue(weights), Reading(parsed));
        return Models.IsOfZoo(Name(parsed)) ? network : WithConfig(network, Name(parsed));
    }

    /// <summary>Loads another model that is to be compared with it, its inputs fixed as those of the model.</summary>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public Network LoadOther(ParseResult parsed, string other) =>
        Models.Load(
            other,
            reading: other.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? Reading(parsed) : null
        );

    /// <summary>The network with the preprocessing of a file beside it, where it has none of its own.</summary>
    private static Network WithConfig(Network network, string path)
    {
        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, PreprocessorConfig.FileName);
        bool takesImages = ImageLimits.Of(network.Inputs) != ImageLimits.None;
        if (!takesImages || Preprocessings.SaidBy(network) is not null || !File.Exists(config))
            return network;
        Network carrying = network.WithPreprocessing(PreprocessorConfig.Read(config));
        Console.Error.WriteLine($"note: images are preprocessed as {config} says");
        return carrying;
    }

    /// <summary>What its file says of itself, if that is an ONNX file; else null.</summary>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public OnnxDescription? Description(ParseResult parsed) =>
        !Models.IsOfZoo(Name(parsed))
        && Path.GetExtension(Name(parsed)).Equals(".onnx", StringComparison.OrdinalIgnoreCase)
            ? OnnxDescription.Read(Name(parsed))
            : null;

    private OnnxReadOptions Reading(ParseResult parsed) => new() { Fixed = Fixed(parsed), Shapes = Shapes(parsed) };

    private ImmutableDictionary<string, Shape> Shapes(ParseResult parsed)
    {
        var shapes = ImmutableDictionary.CreateBuilder<string, Shape>(StringComparer.Ordinal);
        foreach (string text in parsed.GetValue(shape) ?? [])
        {
            int equals = text.LastIndexOf('=');
            int?[] extents = equals > 0 ? [.. text[(equals + 1)..].Split('x', '×').Select(Extent)] : [];
            if (extents.Length == 0 || extents.Contains(null))
                throw new UsageException($"--shape is {text}; NAME=SHAPE, such as input=1x3x224x224, would work");
            if (!shapes.TryAdd(text[..equals], new Shape([.. extents.Select(e => e!.Value)])))
                throw new UsageException($"--shape gives '{text[..equals]}' twice");
        }
        return shapes.ToImmutable();
    }

    private static int? Extent(string text) =>
        text == "?" ? Shape.Unknown
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int extent) ? extent
        : null;

    private ImmutableDictionary<string, ImmutableArray<double>> Fixed(ParseResult parsed)
    {
        var values = ImmutableDictionary.CreateBuilder<string, ImmutableArray<double>>(StringComparer.Ordinal);
        foreach (string text in parsed.GetValue(set) ?? [])
        {
            int equals = text.LastIndexOf('=');
            string[] numbers = equals > 0 ? text[(equals + 1)..].Split(',') : [];
            if (numbers.Length == 0 || !Array.TrueForAll(numbers, n => Number(n) is not null))
                throw new UsageException($"--set is {text}; NAME=VALUE, such as sr=16000, would work");
            if (!values.TryAdd(text[..equals], [.. numbers.Select(n => Number(n)!.Value)]))
                throw new UsageException($"--set gives '{text[..equals]}' twice");
        }
        return values.ToImmutable();
    }

    private static double? Number(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : null;
}
