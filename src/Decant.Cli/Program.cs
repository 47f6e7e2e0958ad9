using System.CommandLine;
using System.CommandLine.Help;
using Decant.Cli.Commands;
using Decant.Cli.Screen;

// Not a RootCommand, whose name would be the assembly's.
var root = new Command("decant", "Makes trained neural networks small.")
{
    TrainCommand.Create(),
    EvalCommand.Create(),
    InspectCommand.Create(),
    CompressCommand.Create(),
    RunCommand.Create(),
    ExportCommand.Create(),
    BenchCommand.Create(),
    DataCommand.Create(),
    DemoCommand.Create(),
    ReproduceCommand.Create(),
    QuantizeCommand.Create(),
    StatsCommand.Create(),
    SensitivityCommand.Create(),
    new HelpOption(),
    new VersionOption(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (string error in parsed.Errors.Select(e => e.Message).Distinct())
        Console.Error.WriteLine($"decant: {error}");
    Console.Error.WriteLine(
        $"decant: see 'decant {string.Join(' ', Failures.CommandPath(parsed))} --help'".Replace(
            "  ",
            " ",
            StringComparison.Ordinal
        )
    );
    return 2;
}
return await parsed.InvokeAsync(
    new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    }
);
