using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Reports;

namespace Decant.Cli.Commands;

internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command(
            "inspect",
            "Shows a network weight by weight: shape, parameters, multiply-accumulates, non-zeros, and "
                + "bytes as stored. "
                + "Of a .dcnt file every byte is accounted for; of other models the bytes are those of the "
                + "container Decant would write."
        ).WithExample("decant inspect lenet.dcnt");
        Argument<string> model = CommonOptions.Model();
        Option<string?> weights = CommonOptions.Weights();
        var report = new ReportOptions(command);
        command.Arguments.Add(model);
        command.Options.Add(weights);
        command.Runs(
            (parsed, _) =>
            {
                string path = parsed.GetValue(model)!;
                NetworkReport network = parsed.GetValue(weights) is { } state
                    ? NetworkReport.Of(Models.Load(path, weights: state))
                    : NetworkReport.Load(path);
                report.Print(parsed, network.ToDocument());
                return 0;
            }
        );
        return command;
    }
}
