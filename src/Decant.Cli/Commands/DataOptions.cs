using System.CommandLine;
using Decant.Training.Data;

namespace Decant.Cli.Commands;

/// <summary>The options that name data and their pixel arithmetic.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> data = new("--data") { Description = "mnist, digits, cifar-10, or an .npz file with x and y" };
    private readonly Option<string?> root = new("--data-root") { Description = "the folder where named data sets lie (else DECANT_DATA, else the cache)" };
    private readonly Option<string?> scale = new("--scale") { Description = "pixel factor, such as 1/255: x = (pixel × scale − mean) / std" };
    private readonly Option<string?> mean = new("--mean") { Description = "mean after scaling: one number or r,g,b" };
    private readonly Option<string?> std = new("--std") { Description = "standard deviation after scaling: one number or r,g,b" };
    private readonly Option<string?> channels = new("--channels") { Description = "rgb or bgr" };

    public DataOptions(Command command, bool required)
    {
        data.Required = required;
        foreach (Option option in new Option[] { data, root, scale, mean, std, channels }) command.Options.Add(option);
    }

    /// <summary>Opens a part of the data that are named; null if none are.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="part">Which part.</param>
    /// <param name="other">Other data to open instead.</param>
    public Dataset? Open(ParseResult parsed, DatasetPart part, string? other = null) =>
        (other ?? parsed.GetValue(data)) is { } name ? CommonOptions.Open(name, parsed.GetValue(root), part) : null;

    /// <summary>The arithmetic that the flags name; null if none is given.</summary>
    public Preprocessing? Preprocessing(ParseResult parsed)
    {
        var parts = new List<string>();
        foreach (Option<string?> option in new[] { scale, mean, std, channels })
            if (parsed.GetValue(option) is { } value) parts.Add($"{option.Name[2..]}={value}");
        return parts.Count == 0 ? null : Training.Data.Preprocessing.Parse(string.Join(';', parts));
    }
}
