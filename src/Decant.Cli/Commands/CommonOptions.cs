using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Training.Data;
using Decant.Zoo;

namespace Decant.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Argument<string> Model() => new("model") { Description = $"a .onnx or .dcnt file, or zoo:NAME ({string.Join(", ", Architectures.All.Select(e => e.Name))})" };

    public static Option<string?> Weights() => new("--weights") { Description = "a PyTorch state dictionary (.th, .pt, .pth) that gives zoo:NAME its weights" };

    public static Option<bool> AsJson() => new("--json") { Description = "print the result as JSON, for scripts" };

    public static Option<string> Output(string what) => new("--output", "-o") { Description = what, Required = true };

    public static Option<ulong> Seed() => new("--seed") { Description = "decides every random choice", DefaultValueFactory = _ => 1 };

    /// <summary>A number that must not be below another.</summary>
    /// <exception cref="UsageException">It is.</exception>
    public static int AtLeast(int least, int value, Option option) =>
        value >= least ? value : throw new UsageException($"{option.Name} is {value}; {least} or more would work");

    /// <summary>Adds a command's example under its description.</summary>
    public static Command WithExample(this Command command, params string[] examples)
    {
        command.Description += "\n\nExample:\n  " + string.Join("\n  ", examples);
        return command;
    }

    /// <summary>Opens one part of a data set.</summary>
    public static Dataset Open(string name, string? root, DatasetPart part) => Datasets.Open(name, DataRoot.Resolve(root), part);
}
