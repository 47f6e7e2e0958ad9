using System.CommandLine;
using System.CommandLine.Help;

namespace Decant.Cli.Commands;

/// <summary>The whole command line.</summary>
internal static class DecantCommand
{
    /// <summary>Makes it. It is not a RootCommand, whose name would be the assembly's.</summary>
    public static Command Create() =>
        new("decant", "Compresses trained neural networks.")
        {
            TrainCommand.Create(),
            EvalCommand.Create(),
            InspectCommand.Create(),
            CompressCommand.Create(),
            RunCommand.Create(),
            ExportCommand.Create(),
            CompareCommand.Create(),
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
}
